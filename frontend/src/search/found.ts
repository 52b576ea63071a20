/** Immutable values for what a search has found, and for what is left out of a replacement. */
import type { Match, Starts } from "./api";

export interface FoundFile {
  id: string;
  path: string;
  matches: readonly Match[];
}

/** A row of the list: a file, or a match in a file. */
export interface Row {
  /** The row's id, unique in the list. */
  id: string;
  file: FoundFile;
  /** The match; null for the row of a file. */
  match: Match | null;
  /** The place among its siblings, counted from 1, and the number of these siblings. */
  place: number;
  siblings: number;
}

/** Add more matches after those found so far. A file's matches arrive one after the other. */
export function withMore(files: readonly FoundFile[], more: FoundFile): readonly FoundFile[] {
  const last = files.at(-1);
  if (last?.id !== more.id) return [...files, more];
  return [...files.slice(0, -1), { ...last, matches: [...last.matches, ...more.matches] }];
}

export function rowsOf(files: readonly FoundFile[], closed: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  for (const [index, file] of files.entries()) {
    rows.push({ id: file.id, file, match: null, place: index + 1, siblings: files.length });
    if (closed.has(file.id)) continue;
    const siblings = file.matches.length;
    for (const [at, match] of file.matches.entries()) {
      rows.push({ id: idOf(file, match), file, match, place: at + 1, siblings });
    }
  }
  return rows;
}

export function idOf(file: FoundFile, match: Match): string {
  return `${file.id} ${match.start}`;
}

/** Return the files without the matches of a row. */
export function without(files: readonly FoundFile[], { file, match }: Row): readonly FoundFile[] {
  return files.flatMap((one) => {
    if (one.id !== file.id) return [one];
    const matches = match ? one.matches.filter(({ start }) => start !== match.start) : [];
    return matches.length > 0 ? [{ ...one, matches }] : [];
  });
}

export function startsOf(files: readonly FoundFile[]): Starts {
  return Object.fromEntries(
    files.map(({ id, matches }) => [id, matches.map(({ start }) => start)]),
  );
}

export function countOf(files: readonly FoundFile[]): number {
  return files.reduce((sum, { matches }) => sum + matches.length, 0);
}

/** Return words such as "12 matches in 3 files". */
export function inWords(matches: number, files: number): string {
  const one = (count: number, word: string, many: string) =>
    `${count.toLocaleString("en")} ${count === 1 ? word : many}`;
  return `${one(matches, "match", "matches")} in ${one(files, "file", "files")}`;
}

/**
 * Split the patterns in a field at commas, except for commas in braces, which separate the choices of
 * one pattern.
 */
export function patternsIn(written: string): string[] {
  return written
    .split(/,(?![^{]*\})/)
    .map((pattern) => pattern.trim())
    .filter(Boolean);
}
