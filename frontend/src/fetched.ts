/**
 * Parts of the page that are loaded when they are needed. A browser may remember for as long as a
 * page lives that a module could not be fetched (Chromium does), and never ask again. So all that a
 * part needs is brought into the browser's cache first, and import() then finds it there: who had no
 * network can try again. The build calls this around each import(); see vite.config.ts.
 */

const fetched = new Map<string, Promise<void>>();

/**
 * What `load` imports, when the files it needs are here, named as the module `from` sees them. Rejects if one of them
 * cannot be fetched.
 */
export async function whenFetched<T>(
  load: () => Promise<T>,
  files: string[] = [],
  from = location.href,
): Promise<T> {
  await Promise.all(files.map((file) => fetchOnce(new URL(file, from).pathname)));
  return load();
}

function fetchOnce(path: string): Promise<void> {
  let file = fetched.get(path);
  if (!file) {
    file = arrival(path);
    fetched.set(path, file);
    file.catch(() => fetched.delete(path));
  }
  return file;
}

async function arrival(path: string): Promise<void> {
  const shown = document.querySelector(`script[src="${path}"], link[href="${path}"]`);
  if (shown) return;
  await (path.endsWith(".css") ? style(path) : script(path));
}

async function script(path: string): Promise<void> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${answer.status} for ${path}`);
  await answer.arrayBuffer();
}

function style(path: string): Promise<void> {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = path;
  return new Promise((resolve, reject) => {
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new Error(`no answer for ${path}`));
    };
    document.head.append(link);
  });
}
