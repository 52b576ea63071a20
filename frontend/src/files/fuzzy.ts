/**
 * Finds the paths that contain a few letters, best first. It is pure, and fast enough for ten thousand
 * paths.
 */
import { score } from "../palette/ranking";

export interface FoundPath {
  id: string;
  path: string;
  /** The offsets in the path of the letters that were asked for. */
  letters: readonly number[];
}

/** Points for a recently opened file: enough to put it before similar ones. */
const LATELY = 30;
/** Points for letters in the file's name instead of its folder's. */
const NAMED = 2000;

/** Return the paths with these letters. Without letters, return the recently shown files, then all others. */
export function findPaths(
  files: readonly { id: string; path: string }[],
  written: string,
  recent: readonly string[],
  most = 100,
): FoundPath[] {
  const rank = new Map(recent.map((id, index) => [id, index]));
  const wanted = written.toLowerCase().replace(/\s+/g, "");
  if (wanted === "") {
    const last = recent.flatMap((id) => files.find((file) => file.id === id) ?? []);
    const others = files.filter(({ id }) => !rank.has(id));
    return [...last, ...others].slice(0, most).map((file) => ({ ...file, letters: [] }));
  }
  const scored = files.flatMap(({ id, path }) => {
    if (!holds(path.toLowerCase(), wanted)) return [];
    const found = match(path, wanted);
    if (!found) return [];
    const lately = rank.has(id) ? LATELY - (rank.get(id) ?? 0) / 100 : 0;
    return [{ id, path, letters: found.letters, points: found.points + lately }];
  });
  scored.sort((one, other) => other.points - one.points);
  return scored.slice(0, most).map(({ id, path, letters }) => ({ id, path, letters }));
}

/** Tell whether a path contains all the letters in order. */
function holds(path: string, wanted: string): boolean {
  let at = 0;
  for (const letter of wanted) {
    at = path.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function match(path: string, wanted: string) {
  const start = path.lastIndexOf("/") + 1;
  const inName = wanted.includes("/") ? null : score(wanted, path.slice(start));
  if (!inName) return score(wanted, path);
  return { points: NAMED + inName.points, letters: inName.letters.map((at) => start + at) };
}
