/** Which actions a search finds, best first: pure, so that every preference has its test. */
import { type Action, isEnabled, titleOf } from "../actions";

export interface Found {
  action: Action;
  title: string;
  /** Offsets of the title's letters that the search names. */
  letters: readonly number[];
}

/** Points for what was done lately: enough to go before its like. */
const LATELY = 30;

/**
 * The actions that can be done now and that `query` finds; all of them, as they come, for "". Of those
 * that fit alike, the ones with an id in `recent` are first.
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

/** Other words count where the title says nothing, and less: whole beginnings of words only. */
function fromWords(wanted: string, { section, words = "" }: Action): Match | null {
  const known = plain(`${section} ${words}`).split(" ");
  const every = wanted.split(" ").every((part) => known.some((word) => word.startsWith(part)));
  return every ? { points: 1, letters: [] } : null;
}

/**
 * The letters of `wanted`, in order, in the title; null where they are not all there. A letter that
 * begins a word or follows the one found before counts most, so that "tc" finds "Toggle comment".
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
  // Letters from the middles of words are a coincidence more often than a wish.
  if (gaps.some((at) => !startsWord(text, at)) && gaps.length > 2) return null;
  return { points: 500 - 20 * gaps.length - text.length / 100, letters };
}

/** Where the letters are, taking beginnings of words and runs where that leads to the end. */
function spread(wanted: string, text: string): number[] | null {
  /** By letter, the least place after which there is no way to the end. */
  const lost = new Map<number, number>();
  const from = (index: number, last: number): number[] | null => {
    const letter = wanted[index];
    if (letter === undefined) return [];
    if (last >= (lost.get(index) ?? Number.POSITIVE_INFINITY)) return null;
    const places: number[] = [];
    for (let at = last + 1; at < text.length; at++) if (text[at] === letter) places.push(at);
    const rank = (at: number) => (at === last + 1 ? 0 : startsWord(text, at) ? 1 : 2);
    for (const at of places.sort((one, other) => rank(one) - rank(other) || one - other)) {
      const rest = from(index + 1, at);
      if (rest) return [at, ...rest];
    }
    lost.set(index, last);
    return null;
  };
  return from(0, -1);
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] as string);
}

function plain(text: string): string {
  return text.toLowerCase();
}
