/** Finds the actions for a search, best first. It is pure, so that every rule of the ranking has a test. */
import { type Action, isEnabled, titleOf } from "../actions";

export interface Found {
  action: Action;
  title: string;
  /** The offsets of the title's letters that match the search. */
  letters: readonly number[];
}

/** The points of a recently used action: enough to stand before actions that match equally well. */
const LATELY = 30;

/**
 * The actions that can be done now and that match `query`. For "" these are all, in their given order. Of
 * actions that match equally well, those with an id in `recent` come first.
 */
export function search(
  actions: readonly Action[],
  query: string,
  recent: readonly string[] = [],
): Found[] {
  const wanted = plain(query).replace(/\s+/g, " ").trim();
  const able = actions.filter(isEnabled);
  if (!wanted) return able.map((action) => ({ action, title: titleOf(action), letters: [] }));
  const scored = able.flatMap((action) => {
    const title = titleOf(action);
    const called = action.alias === wanted ? 1000 : 0;
    const match = score(wanted, title) ?? fromWords(wanted, action);
    if (!match) return called ? [{ action, title, points: called, letters: [] }] : [];
    const lately = recent.includes(action.id) ? LATELY : 0;
    return [{ action, title, ...match, points: match.points + called + lately }];
  });
  return scored.sort((one, other) => other.points - one.points);
}

interface Match {
  points: number;
  letters: number[];
}

/** Match the section and other words. They count less than the title, and only from the start of a word. */
function fromWords(wanted: string, { section, words = "" }: Action): Match | null {
  const known = plain(`${section} ${words}`).split(" ");
  const every = wanted.split(" ").every((part) => known.some((word) => word.startsWith(part)));
  return every ? { points: 1, letters: [] } : null;
}

/**
 * Find the letters of `wanted` in the title, in order. Returns null if some are missing. A letter that starts
 * a word or follows the previous match counts most, so that "tc" finds "Toggle comment".
 */
export function score(wanted: string, title: string): Match | null {
  const text = plain(title);
  const whole = text.indexOf(wanted);
  if (whole >= 0 && (whole === 0 || startsWord(text, whole))) {
    const letters = Array.from(wanted, (_, index) => whole + index);
    return { points: 1000 - whole - text.length / 100, letters };
  }
  const letters = spread(wanted.replaceAll(" ", ""), text);
  if (!letters) return null;
  const gaps = letters.filter((at, index) => at !== (letters[index - 1] ?? -2) + 1);
  // Matches of letters in the middles of words are mostly coincidences.
  if (gaps.some((at) => !startsWord(text, at)) && gaps.length > 2) return null;
  return { points: 500 - 20 * gaps.length - text.length / 100, letters };
}

/** The places of the letters. Prefers starts of words and runs, if all letters can still be found then. */
function spread(wanted: string, text: string): number[] | null {
  /** For each letter, the least place after which the remaining letters cannot be found. */
  const lost = new Map<number, number>();
  const found: number[] = [];
  const from = (index: number, last: number): boolean => {
    const letter = wanted[index];
    if (letter === undefined) return true;
    if (last >= (lost.get(index) ?? Number.POSITIVE_INFINITY)) return false;
    const fits = (at: number) => {
      found[index] = at;
      return from(index + 1, at);
    };
    const next = last + 1;
    if (text[next] === letter && fits(next)) return true;
    for (const starts of [true, false]) {
      for (let at = text.indexOf(letter, next + 1); at >= 0; at = text.indexOf(letter, at + 1)) {
        if (startsWord(text, at) === starts && fits(at)) return true;
      }
    }
    lost.set(index, last);
    return false;
  };
  return from(0, -1) ? found : null;
}

function startsWord(text: string, at: number): boolean {
  if (at === 0) return true;
  const before = text[at - 1] as string;
  // In a list of ten thousand paths a pattern for all letters takes too long.
  return before < "\x80" ? !/[a-z0-9]/i.test(before) : !/[\p{L}\p{N}]/u.test(before);
}

function plain(text: string): string {
  return text.toLowerCase();
}
