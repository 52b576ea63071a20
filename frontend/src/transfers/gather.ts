/** Collects what a person drops, picks or pastes: files with their paths, and empty folders. */

/** A file, or an empty folder when `file` is null. The path neither begins nor ends with a slash. */
export interface Incoming {
  path: string;
  file: Blob | null;
}

/** A remark about a file that was changed or left out; `kept` is false for a file that was left out. */
export interface Remark {
  path: string;
  words: string;
  kept: boolean;
}

export interface Gathered {
  files: Incoming[];
  remarks: Remark[];
}

/** Folders of thousands of files that programs make, and can make again. */
const MADE_BY_PROGRAMS: Readonly<Record<string, string>> = {
  ".git": "Git keeps its own data in it.",
  node_modules: "It holds installed packages, which can be installed again.",
};
/** The most files of one folder or selection. A room holds about ten thousand. */
export const MOST_FILES = 10_000;
const TOO_MANY = `It holds more than ${MOST_FILES.toLocaleString("en")} files.`;

/**
 * Collect what was dropped. The browser removes the entries after the event, so this function reads
 * them at once and the contents of folders later. Stops early when `signal` is aborted.
 */
export function dropped(data: DataTransfer, signal: AbortSignal): Promise<Gathered> {
  const files = [...data.items].filter(({ kind }) => kind === "file");
  const entries = files.flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  return entries.length > 0
    ? walked(entries, signal)
    : Promise.resolve(picked([...data.files].map((file) => ({ path: file.name, file }))));
}

/** Collect what was chosen in a file field. When a folder was chosen, each file has its path. */
export function chosen(files: Iterable<File>): Gathered {
  return picked(
    Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file })),
  );
}

async function walked(entries: readonly FileSystemEntry[], signal: AbortSignal): Promise<Gathered> {
  const found: Gathered = { files: [], remarks: [] };
  const visit = async (entry: FileSystemEntry): Promise<void> => {
    const path = entry.fullPath.replace(/^\/+/, "") || entry.name;
    if (signal.aborted || found.files.length > MOST_FILES) return;
    if (entry.isFile) {
      const file = await fileOf(entry as FileSystemFileEntry).catch(() => null);
      if (file) found.files.push({ path, file });
      else found.remarks.push({ path, words: "It could not be read.", kept: false });
      return;
    }
    const words = MADE_BY_PROGRAMS[entry.name];
    if (words) {
      found.remarks.push({ path: `${path}/`, words, kept: false });
      return;
    }
    const inside = await allIn(entry as FileSystemDirectoryEntry);
    if (inside.length === 0) found.files.push({ path, file: null });
    for (const child of inside) await visit(child);
  };
  for (const entry of entries) await visit(entry);
  return bounded(found);
}

function picked(files: readonly Incoming[]): Gathered {
  const found: Gathered = { files: [], remarks: [] };
  const told = new Set<string>();
  for (const one of files) {
    const [, folder, name] = /^((?:[^/]+\/)*?(\.git|node_modules)\/)/.exec(one.path) ?? [];
    const words = MADE_BY_PROGRAMS[name ?? ""];
    if (!folder || !words) found.files.push(one);
    else if (!told.has(folder)) {
      told.add(folder);
      found.remarks.push({ path: folder, words, kept: false });
    }
  }
  return bounded(found);
}

/** Take no file at all when there are far too many, since nobody could say which ones to take. */
function bounded({ files, remarks }: Gathered): Gathered {
  if (files.length <= MOST_FILES) return { files, remarks };
  const path = files[0]?.path.replace(/\/.*/s, "/") ?? "";
  return { files: [], remarks: [...remarks, { path, words: TOO_MANY, kept: false }] };
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** Read all entries of a folder. The browser returns a hundred at a time, and an empty list at the end. */
async function allIn(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    ).catch(() => []);
    if (some.length === 0) return all;
    all.push(...some);
  }
}
