/** One file on the page: its editor state as long as the room is open, and its view while one is shown. */

import { Compartment, EditorState, type Extension, type TransactionSpec } from "@codemirror/state";
import { type Command, EditorView } from "@codemirror/view";
import { type ReadonlySignal, signal } from "@preact/signals";
import type { ClientId, Language } from "../link/protocol";
import { codePoints } from "../ot";
import { toOffset, toPosition } from "./astral";
import { inBulk } from "./bulk";
import { caretOf, revealCaret } from "./carets";
import { remoteText, textOf } from "./collab";
import { firstSupport, loadLanguage } from "./languages";
import { lineCommand, offsetAt } from "./line";
import { ownMoves } from "./ownMoves";
import { upright } from "./upright";

/** ms for which a composition that goes no further is one. */
const COMPOSING = 3000;

export interface Cursor {
  /** From 1. */
  line: number;
  /** From 1, in code points. */
  column: number;
  /** Code points. */
  selected: number;
}

/** In code points: the caret, and the start of the first line in view. */
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

  /** The offset of the first line that a view is to show. */
  #top: number | null = null;

  readonly #moves = signal(0);
  /** How often the person here has typed, moved or scrolled. */
  readonly moves: ReadonlySignal<number> = this.#moves;

  /** When a composition last went on, in ms since 1970. */
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
   * The line in which an input method is composing, in code points. An edit of it by anybody else
   * would part what is composed from the input method, which would then write it again.
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
    // No view tells of this: it may come between a document's opening and its view.
    for (const { state, changes } of upright(inBulk([this.#state.update(spec)]))) {
      this.#state = state;
      if (this.#top !== null) this.#top = changes.mapPos(this.#top);
    }
    this.#cursor.value = cursorOf(this.#state);
  }

  /** Show another text, which the room has instead. */
  replace(text: string): void {
    this.dispatch(remoteText(this.state, text));
  }

  setLanguage(language: Language): void {
    if (language === this.#language) return;
    this.#language = language;
    this.dispatch({ effects: this.#support.reconfigure(firstSupport(language)) });
    if (this.#view) this.#loadLanguage(language);
  }

  /** Where the person is, in code points. */
  get place(): Place {
    const { anchor, head } = this.state.selection.main;
    const at = (offset: number) => toPosition(this.state, offset);
    const view = this.#view;
    const seen = view ? view.scrollDOM.scrollTop - view.documentPadding.top : 0;
    const top = view ? view.lineBlockAtHeight(seen).from : (this.#top ?? 0);
    return { anchor: at(anchor), head: at(head), top: at(top) };
  }

  /** Be where the person was, or as near as the text allows. */
  goBackTo({ anchor, head, top }: Place): void {
    const length = toPosition(this.state, this.state.doc.length);
    const at = (position: number) => toOffset(this.state, Math.min(position, length));
    this.dispatch({ selection: { anchor: at(anchor), head: at(head) } });
    this.#top = at(top);
    this.#cursor.value = cursorOf(this.state);
  }

  /** Put the caret at a line and a column, both counted from 1, or at the nearest place there is. */
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
    // Asking for a place measures at once: else the lines are drawn once as high as CodeMirror guesses.
    this.#view.coordsAtPos(0);
    // Once the text is on the screen: typing does not wait for colours.
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

  focus(): void {
    this.#view?.focus();
  }

  /** Run a command in the view, which gets the focus. */
  perform(command: Command): void {
    if (!this.#view) return;
    this.#view.focus();
    command(this.#view);
  }

  /** Bring a client's caret into view. */
  goTo(client: ClientId): void {
    if (this.#view) revealCaret(this.#view, client);
  }

  /** The same with no more scrolling than it takes. */
  keepInView(client: ClientId): void {
    if (this.#view) revealCaret(this.#view, client, "nearest");
  }

  /** Where a client's caret is, counted from 1. */
  caretOf(client: ClientId): { line: number; column: number } | null {
    const offset = caretOf(this.state, client);
    return offset === null ? null : lineAndColumn(this.state, offset);
  }

  #loadLanguage(language: Language): void {
    loadLanguage(language).then(
      (support) => {
        if (this.#language !== language) return;
        this.dispatch({ effects: this.#support.reconfigure(support) });
      },
      () => {
        // Without a network now: no colours, until the language is set again.
        if (this.#language === language) this.#language = null;
      },
    );
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

/** The line and column of a position in a text, in code points, counted from 1. */
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
