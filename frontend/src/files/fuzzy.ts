/** Which paths a few letters find, best first: pure, and fast enough for ten thousand. */
import { score } from "../palette/ranking";

export interface FoundPath {
  id: string;
  path: string;
  /** Offsets of the letters of the path that were asked for. */
  letters: readonly number[];
}

/** Points for what was open lately: enough to go before its like. */
const LATELY = 30;
/** Points for letters that are in the name, not in a folder's. */
const NAMED = 2000;

/** The paths with these letters. Without letters: the files that were shown lately, then all others. */
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

/** Whether the letters are all there, in order. */
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
