/**
 * One open file on the page. Its editor state lives as long as the room is open; it has a view while
 * the file is shown.
 */

import {
  Compartment,
  EditorState,
  type Extension,
  Facet,
  type TransactionSpec,
} from "@codemirror/state";
import { type Command, EditorView } from "@codemirror/view";
import { type ReadonlySignal, signal } from "@preact/signals";
import type { ClientId, Language } from "../link/protocol";
import { codePoints } from "../ot";
import { arrival } from "./arrival";
import { toOffset, toPosition } from "./astral";
import { inBulk } from "./bulk";
import { caretOf, revealCaret } from "./carets";
import { remoteText, textOf } from "./collab";
import { firstSupport } from "./languages";
import { lineCommand, offsetAt } from "./line";
import { ownMoves } from "./ownMoves";
import { upright } from "./upright";

/** Holds the function that tells the person that a language could not be fetched and will be tried again. */
export const colourless = Facet.define<(language: Language) => void, (language: Language) => void>({
  combine: ([tell]) => tell ?? (() => {}),
});

/** The time for which a composition counts as going on without progress, in ms. */
const COMPOSING = 3000;

export interface Cursor {
  /** The line, counted from 1. */
  line: number;
  /** The column in code points, counted from 1. */
  column: number;
  /** The number of selected code points. */
  selected: number;
}

/** The caret and the start of the first line in view, in code points. */
export interface Place {
  anchor: number;
  head: number;
  top: number;
}

export class Document {
  #state: EditorState;
  #view: EditorView | null = null;
  #language: Language | null = null;
  readonly #support = new Compartment();
  readonly #cursor = signal<Cursor>({ line: 1, column: 1, selected: 0 });
  readonly cursor: ReadonlySignal<Cursor> = this.#cursor;

  /** The offset of the line that the next view shows first. */
  #top: number | null = null;

  readonly #moves = signal(0);
  /** Counts how often the person here has typed, moved or scrolled. */
  readonly moves: ReadonlySignal<number> = this.#moves;

  readonly #changes = signal(0);
  /** Counts how often the text has changed. */
  readonly changes: ReadonlySignal<number> = this.#changes;

  /** The time when a composition last made progress, in ms since 1970. */
  #composedAt = 0;

  readonly #focused = signal(false);
  readonly focused: ReadonlySignal<boolean> = this.#focused;

  constructor(text: string, extensions: Extension) {
    this.#state = EditorState.create({
      doc: textOf(text),
      extensions: [
        extensions,
        this.#support.of([]),
        ownMoves(() => {
          this.#moves.value++;
        }),
        EditorView.updateListener.of((update) => {
          const composed = update.transactions.some((one) => one.isUserEvent("input.type.compose"));
          if (composed) this.#composedAt = Date.now();
          if (update.docChanged) this.#changes.value++;
          if (update.focusChanged) this.#focused.value = update.view.hasFocus;
          if (update.docChanged || update.selectionSet) this.#cursor.value = cursorOf(update.state);
        }),
      ],
    });
  }

  get state(): EditorState {
    return this.#view?.state ?? this.#state;
  }

  get text(): string {
    return this.state.doc.toString();
  }

  /**
   * The line in which an input method is composing, in code points. An edit of that line by somebody
   * else would separate the composed text from the input method, which would then write the text again.
   */
  get composedLine(): { from: number; to: number } | null {
    const composing = this.#view?.compositionStarted && Date.now() - this.#composedAt < COMPOSING;
    if (!composing) return null;
    const { from, to } = this.state.doc.lineAt(this.state.selection.main.head);
    return { from: toPosition(this.state, from), to: toPosition(this.state, to) };
  }

  dispatch(spec: TransactionSpec): void {
    if (this.#view) {
      this.#view.dispatch(spec);
      return;
    }
    // Without a view nothing else follows this change, so update the state here. That happens between
    // the opening of a document and its view.
    for (const { state, changes } of upright(inBulk([this.#state.update(spec)]))) {
      this.#state = state;
      if (this.#top !== null) this.#top = changes.mapPos(this.#top);
    }
    this.#cursor.value = cursorOf(this.#state);
  }

  /** Replace the shown text by the text that the room has. */
  replace(text: string): void {
    this.dispatch(remoteText(this.state, text));
  }

  setLanguage(language: Language): void {
    if (language === this.#language) return;
    this.#language = language;
    this.dispatch({ effects: this.#support.reconfigure(firstSupport(language)) });
    if (this.#view) this.#loadLanguage(language);
  }

  /** The person's place in the file, in code points. */
  get place(): Place {
    const { anchor, head } = this.state.selection.main;
    const at = (offset: number) => toPosition(this.state, offset);
    const view = this.#view;
    const seen = view ? view.scrollDOM.scrollTop - view.documentPadding.top : 0;
    const top = view ? view.lineBlockAtHeight(seen).from : (this.#top ?? 0);
    return { anchor: at(anchor), head: at(head), top: at(top) };
  }

  /** Go to a place from before, or as near to it as the text allows. */
  goBackTo({ anchor, head, top }: Place): void {
    const length = toPosition(this.state, this.state.doc.length);
    const at = (position: number) => toOffset(this.state, Math.min(position, length));
    this.dispatch({ selection: { anchor: at(anchor), head: at(head) } });
    this.#top = at(top);
    this.#cursor.value = cursorOf(this.state);
  }

  /** Put the caret at a line and a column, both counted from 1, or at the nearest place. */
  goToLine(line: number, column: number): void {
    if (this.#view) {
      this.perform(lineCommand(line, column));
      return;
    }
    const offset = offsetAt(this.state, line, column);
    const at = toPosition(this.state, offset);
    const top = toPosition(this.state, this.state.doc.lineAt(offset).from);
    this.goBackTo({ anchor: at, head: at, top });
  }

  attach(parent: HTMLElement): void {
    this.detach();
    const top = this.#top === null ? null : Math.min(this.#top, this.#state.doc.length);
    this.#view = new EditorView({
      state: this.#state,
      parent,
      ...(top !== null && { scrollTo: EditorView.scrollIntoView(top, { y: "start", yMargin: 0 }) }),
      dispatchTransactions: (transactions, view) => view.update(upright(inBulk(transactions))),
    });
    // Asking for coordinates makes CodeMirror measure at once. Otherwise it would first draw the lines
    // with guessed heights.
    this.#view.coordsAtPos(0);
    // Load the language after the text is on the screen, so that typing does not wait for colours.
    setTimeout(() => this.#language && this.#loadLanguage(this.#language));
  }

  detach(): void {
    if (!this.#view) return;
    this.#top = toOffset(this.state, this.place.top);
    this.#state = this.#view.state;
    this.#view.destroy();
    this.#view = null;
    this.#focused.value = false;
  }

  /** Return the line at the top of the view, counted from 0, with a fraction. */
  topLine(): number {
    const view = this.#view;
    if (!view) return 0;
    const at = view.scrollDOM.scrollTop - view.documentPadding.top;
    const { from, top, height } = view.lineBlockAtHeight(at);
    const share = height > 0 ? Math.min(1, Math.max(0, (at - top) / height)) : 0;
    return view.state.doc.lineAt(from).number - 1 + share;
  }

  /** Scroll a line, given with a fraction, to the top of the view. */
  scrollToLine(line: number): void {
    const view = this.#view;
    if (!view) return;
    const { lines } = view.state.doc;
    const at = view.state.doc.line(Math.min(lines, Math.max(1, Math.floor(line) + 1))).from;
    const { top, height } = view.lineBlockAt(at);
    view.scrollDOM.scrollTop = view.documentPadding.top + top + (line - Math.floor(line)) * height;
  }

  focus(): void {
    this.#view?.focus();
  }

  /** Run a command in the view, and leave the focus where it is. */
  run(command: Command): void {
    if (this.#view) command(this.#view);
  }

  /** Focus the view and run a command in it. */
  perform(command: Command): void {
    if (!this.#view) return;
    this.#view.focus();
    command(this.#view);
  }

  /** Scroll a client's caret into view. */
  goTo(client: ClientId): void {
    if (this.#view) revealCaret(this.#view, client);
  }

  /** Scroll as little as necessary to have a client's caret in view. */
  keepInView(client: ClientId): void {
    if (this.#view) revealCaret(this.#view, client, "nearest");
  }

  /** Return the line and column of a client's caret, counted from 1. */
  caretOf(client: ClientId): { line: number; column: number } | null {
    const offset = caretOf(this.state, client);
    return offset === null ? null : lineAndColumn(this.state, offset);
  }

  #loadLanguage(language: Language): void {
    const wanted = () => this.#language === language && this.#view !== null;
    arrival(language, wanted, () => this.state.facet(colourless)(language)).then((support) => {
      if (support && this.#language === language) {
        this.dispatch({ effects: this.#support.reconfigure(support) });
      }
    }, reportError);
  }
}

function cursorOf(state: EditorState): Cursor {
  const { head } = state.selection.main;
  const selected = state.selection.ranges.reduce(
    (sum, { from, to }) => sum + codePoints(state.sliceDoc(from, to)),
    0,
  );
  return { ...lineAndColumn(state, head), selected };
}

/** Return the line and column of a position in a text, in code points, counted from 1. */
export function lineAndColumnIn(text: string, position: number): { line: number; column: number } {
  let [line, start, at] = [1, 0, 0];
  for (const character of text) {
    if (at === position) break;
    at++;
    if (character === "\n") [line, start] = [line + 1, at];
  }
  return { line, column: at - start + 1 };
}

function lineAndColumn(state: EditorState, offset: number): { line: number; column: number } {
  const line = state.doc.lineAt(offset);
  const column = codePoints(line.text.slice(0, offset - line.from)) + 1;
  return { line: line.number, column };
}
