/**
 * Loads parts of the page when they are needed. If a module could not be fetched, a browser may remember that
 * for as long as the page lives and never ask again (Chromium does). So this first fetches all files of a
 * part into the browser's cache, where import() then finds them. A person who had no network can so try
 * again. The build puts this around each import(); see vite.config.ts.
 */

const fetched = new Map<string, Promise<void>>();

/**
 * Fetch the files of a part, named relative to the module `from`, then import it with `load`. Rejects if a file
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
