/** Counts the matches of a search one stride at a time, so that a long text does not block the page. */
import type { SearchQuery } from "@codemirror/search";
import type { ChangeDesc, EditorState, Text } from "@codemirror/state";
import type { ViewUpdate } from "@codemirror/view";
import { type ReadonlySignal, signal } from "@preact/signals";

/** The most matches that are counted; more are shown as "1,000+". */
const MOST = 1000;
/** The number of UTF-16 units that are searched at once, in a few ms. */
export const STRIDE = 5_000;
/** The time in ms after which other work gets its turn. */
const TURN = 10;
/** The time in ms between an edit and a new count. */
const PAUSE = 200;

export interface Match {
  from: number;
  to: number;
  /**
   * Tells whether the match begins and ends at whole characters: false when it covers part of one, such
   * as of a ligature.
   */
  precise?: boolean;
}

export interface Matches {
  /** The matches in order. */
  ranges: readonly Match[];
  /** Tells whether there are more matches after these. */
  more: boolean;
}

/** Find the matches. Yields after every stride. */
export function* findMatches(
  query: SearchQuery,
  state: EditorState,
  most = MOST,
): Generator<void, Matches> {
  const { length } = state.doc;
  const ranges: Match[] = [];
  // The reach of a regular expression is unknown, so search the whole text at once; browsers run
  // regular expressions fast.
  const stride = query.regexp ? length + 1 : STRIDE;
  const reach = reachOf(query);
  let start = 0;
  while (start <= length) {
    const end = start + stride;
    const cursor = query.getCursor(state, start, Math.min(length, end + reach));
    for (let next = cursor.next(); !next.done && next.value.from < end; next = cursor.next()) {
      if (ranges.length === most) return { ranges, more: true };
      const { from, to, precise } = next.value as Match;
      ranges.push(precise === false ? { from, to, precise } : { from, to });
    }
    start = Math.max(end, ranges.at(-1)?.to ?? 0);
    yield;
  }
  return { ranges, more: false };
}

/** Return the most UTF-16 units that a match can have, for a search that is no regular expression. */
export function reachOf(query: SearchQuery): number {
  return query.search.normalize("NFKD").length;
}

/** Continue the work for some ms, or to its end. */
export function forATurn<T>(work: Generator<void, T>): IteratorResult<void, T> {
  const end = performance.now() + TURN;
  let step = work.next();
  while (!step.done && performance.now() < end) step = work.next();
  return step;
}

/** Return "3 of 12" when a match is selected, else "12 matches". */
export function matchWords({ ranges, more }: Matches, selected: { from: number; to: number }) {
  if (ranges.length === 0) return "No matches";
  const count = `${ranges.length.toLocaleString("en-GB")}${more ? "+" : ""}`;
  const at = ranges.findIndex(({ from, to }) => from === selected.from && to === selected.to);
  if (at >= 0) return `${(at + 1).toLocaleString("en-GB")} of ${count}`;
  return count === "1" ? "1 match" : `${count} matches`;
}

/** Move the matches along with changes, until they are counted anew. */
function moved({ ranges, more }: Matches, changes: ChangeDesc): Matches {
  const to = ({ from, to }: { from: number; to: number }) => ({
    from: changes.mapPos(from, 1),
    to: changes.mapPos(to, -1),
  });
  return { ranges: ranges.map(to), more };
}

/** Keeps the words about the matches, for as long as a panel is open. */
export class MatchCount {
  readonly #words = signal("");
  readonly words: ReadonlySignal<string> = this.#words;
  #query: SearchQuery;
  #state: EditorState;
  #matches: Matches | null = null;
  /** The text that the match offsets refer to. */
  #countedIn: Text | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Tells whether the text has changed since the running count began. */
  #stale = false;
  /** The words about replacing all matches. They stay until the search or the selection changes. */
  #done: string | null = null;
  readonly #counted: (matches: Matches) => void;

  /** Calls `counted` with the matches whenever a count is complete and its text is still the shown one. */
  constructor(query: SearchQuery, state: EditorState, counted: (matches: Matches) => void) {
    this.#counted = counted;
    this.#query = query;
    this.#state = state;
    this.#begin();
  }

  update(update: ViewUpdate, query: SearchQuery): void {
    const { changes, docChanged, selectionSet, startState, state } = update;
    this.#state = state;
    if (docChanged && this.#matches && this.#countedIn === startState.doc) {
      this.#matches = moved(this.#matches, changes);
      this.#countedIn = state.doc;
    }
    if (!query.eq(this.#query)) {
      this.#query = query;
      this.#done = null;
      this.#begin();
    } else if (docChanged) {
      this.#stale = true;
      this.#timer ??= setTimeout(() => this.#begin(), PAUSE);
    }
    if (!selectionSet) return;
    this.#done = null;
    this.#say();
  }

  /** Report that `count` matches have been replaced at once. */
  replaced(count: number): void {
    this.#done = `Replaced ${count === 1 ? "1 match" : `${count.toLocaleString("en-GB")} matches`}`;
    this.#say();
  }

  destroy(): void {
    clearTimeout(this.#timer);
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stale = false;
    if (this.#query.valid) {
      this.#goOn(findMatches(this.#query, this.#state), this.#state.doc);
    } else {
      this.#matches = null;
      this.#say();
    }
  }

  #goOn(counting: Generator<void, Matches>, doc: Text): void {
    const { done, value } = forATurn(counting);
    if (!done) {
      this.#timer = setTimeout(() => this.#goOn(counting, doc));
      return;
    }
    this.#timer = this.#stale ? setTimeout(() => this.#begin(), PAUSE) : undefined;
    this.#matches = value;
    this.#countedIn = doc;
    this.#say();
    if (!this.#stale) this.#counted(value);
  }

  #say(): void {
    const none = this.#query.search === "" ? "" : brokenWords(this.#query.search);
    const found = this.#matches ? matchWords(this.#matches, this.#state.selection.main) : none;
    this.#words.value = this.#done ?? found;
  }
}

/** Explain why a pattern is broken, in the browser's words: "Broken pattern: unterminated group". */
export function brokenWords(pattern: string): string {
  try {
    new RegExp(pattern, "gmu");
    return "Broken pattern";
  } catch (error) {
    const why = String(error).split(": ").at(-1) ?? "";
    return `Broken pattern: ${why.charAt(0).toLowerCase()}${why.slice(1)}`;
  }
}

/** Return the match to show to a person who writes a search at `from`: the next match, else the first one. */
export function nextMatch(
  { ranges, more }: Matches,
  from: number,
  query: SearchQuery,
  state: EditorState,
): { from: number; to: number } | undefined {
  const next = ranges.find((range) => range.from >= from);
  if (next || !more) return next ?? ranges[0];
  const beyond = query.getCursor(state, from).next();
  return beyond.done ? ranges[0] : beyond.value;
}
