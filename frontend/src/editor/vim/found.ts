/**
 * Carries the matches of a search along when others edit: `:s/…/…/c` asks at each match and may wait
 * for hours. Vim compares the lines of matches with the first and last line of the replacement, so the
 * places given to Vim do not count lines that others have added meanwhile.
 */
import type { ViewUpdate } from "@codemirror/view";
import type { CodeMirror } from "@replit/codemirror-vim";
import type { Place } from "./place";

type Search = (query: RegExp, from: Place) => Cursor;
type Cursor = {
  find(back: boolean): RegExpMatchArray | null | undefined;
  from(): Place | undefined;
  to(): Place | undefined;
};

/** A place in a match. Vim sees a line and a column. */
class FoundPlace implements Place {
  offset: number;
  readonly line: number;
  readonly ch: number;

  constructor(offset: number, { line, ch }: Place, added: number) {
    this.offset = offset;
    this.line = line - added;
    this.ch = ch;
  }
}

/** Make all searches of an editor return such places. Only the last search can be waiting for an answer. */
export function keepFound(editor: CodeMirror): Pick<FoundCursor, "carry"> {
  const search = editor.getSearchCursor.bind(editor) as unknown as Search;
  let last: FoundCursor | null = null;
  const found = (query: RegExp, from: Place) => {
    last = new FoundCursor(editor, search, query, from);
    return last;
  };
  editor.getSearchCursor = found as unknown as CodeMirror["getSearchCursor"];
  understandPlaces(editor);
  return { carry: (update, remote) => last?.carry(update, remote) };
}

function understandPlaces(editor: CodeMirror): void {
  const real = <P extends Place>(place: P) =>
    place instanceof FoundPlace ? editor.posFromIndex(place.offset) : place;
  const { setSelections, scrollIntoView } = editor;
  const setCursor = editor.setCursor.bind(editor) as (line: number | Place, ch?: number) => void;
  editor.setCursor = (line: number | Place, ch?: number) =>
    setCursor(typeof line === "object" ? real(line) : line, ch);
  editor.setSelections = (ranges: { anchor: Place; head: Place }[], primary?: number) =>
    setSelections.call(
      editor,
      ranges.map(({ anchor, head }) => ({ anchor: real(anchor), head: real(head) })),
      primary,
    );
  editor.scrollIntoView = (place?: Place, margin?: number) =>
    scrollIntoView.call(editor, place && real(place), margin);
}

class FoundCursor {
  match: RegExpMatchArray | null = null;
  #editor: CodeMirror;
  #search: Search;
  #query: RegExp;
  /** The offset at which to search if there was no match before. */
  #start: number;
  #from: FoundPlace | undefined;
  #to: FoundPlace | undefined;
  /** The numbers of lines that others have added or removed, and where. */
  #added: { at: number; lines: number }[] = [];

  constructor(editor: CodeMirror, search: Search, query: RegExp, { line, ch }: Place) {
    this.#editor = editor;
    this.#search = search;
    this.#query = query;
    this.#start = editor.indexFromPos({ line, ch: ch ?? Number.MAX_VALUE } as never);
  }

  findNext(): RegExpMatchArray | null {
    return this.find(false);
  }

  findPrevious(): RegExpMatchArray | null {
    return this.find(true);
  }

  find(back: boolean): RegExpMatchArray | null {
    const start = this.match ? this.#beyond(back) : this.#start;
    const cursor = this.#search(this.#query, this.#editor.posFromIndex(Math.max(0, start)));
    this.match =
      (start >= 0 && start <= this.#editor.cm6.state.doc.length && cursor.find(back)) || null;
    this.#from = this.match ? this.#placeOf(cursor.from()) : undefined;
    this.#to = this.match ? this.#placeOf(cursor.to()) : undefined;
    return this.match;
  }

  from(): FoundPlace | undefined {
    return this.#from;
  }

  to(): FoundPlace | undefined {
    return this.#to;
  }

  replace(text: string): void {
    if (!this.#from || !this.#to) return;
    const [from, to] = [this.#from.offset, this.#to.offset];
    const place = (offset: number) => this.#editor.posFromIndex(offset);
    this.#editor.replaceRange(text, place(from), place(to));
    this.#to = this.#placeOf(place(from + text.length));
  }

  /** Follow a change of the text, by the person here or by others. */
  carry({ changes, startState: { doc } }: ViewUpdate, remote: boolean): void {
    for (const one of this.#added) one.at = changes.mapPos(one.at, -1);
    if (remote) {
      changes.iterChanges((fromA, toA, _fromB, toB, inserted) => {
        const removed = doc.lineAt(toA).number - doc.lineAt(fromA).number;
        this.#added.push({ at: toB, lines: inserted.lines - 1 - removed });
      });
    }
    this.#start = changes.mapPos(this.#start);
    if (this.#from) this.#from.offset = changes.mapPos(this.#from.offset, remote ? 1 : -1);
    if (this.#to) {
      const end = changes.mapPos(this.#to.offset, -1);
      this.#to.offset = Math.max(end, this.#from?.offset ?? 0);
    }
  }

  /** Return where to continue after a match: beyond it, and one character further if the match is empty. */
  #beyond(back: boolean): number {
    const [from, to] = [this.#from?.offset ?? 0, this.#to?.offset ?? 0];
    const step = from === to ? 1 : 0;
    return back ? from - step : to + step;
  }

  #placeOf(place: Place | undefined): FoundPlace | undefined {
    if (!place) return undefined;
    const offset = this.#editor.indexFromPos(place as never);
    const before = this.#added.filter(({ at }) => at <= offset);
    return new FoundPlace(
      offset,
      place,
      before.reduce((sum, { lines }) => sum + lines, 0),
    );
  }
}
