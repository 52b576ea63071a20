/** The page's interface to the shown editor. */
import type { Command } from "@codemirror/view";
import type { ReadonlySignal } from "@preact/signals";
import type { ClientId, FileId } from "../link/protocol";
import type { Cursor, Document } from "./document";
import { linesCommand } from "./line";

export interface EditorHandle {
  readonly file: FileId;
  readonly cursor: ReadonlySignal<Cursor>;
  readonly focused: ReadonlySignal<boolean>;
  focus(): void;
  /** Focus the editor and run a command in it. */
  perform(command: Command): void;
  /** Run a command in the editor, and leave the focus where it is. */
  run(command: Command): void;
  lineCount(): number;
  /** Return the text of the main selection. */
  selected(): string;
  /** Put the caret at a line and a column, both counted from 1, or at the nearest place. */
  goToLine(line: number, column: number): void;
  /** Return the selected lines, counted from 1. */
  lines(): { from: number; to: number };
  /** Counts how often the text has changed. */
  readonly changes: ReadonlySignal<number>;
  /** Return the element that scrolls. */
  scroller(): HTMLElement | null;
  /** Return the line at the top of the view, counted from 0, with a fraction. */
  topLine(): number;
  /** Scroll a line, given with a fraction, to the top of the view. */
  scrollToLine(line: number): void;
  /** Select whole lines, counted from 1, as far as the text has them, and scroll them into view. */
  selectLines(from: number, to: number): void;
  goTo(person: string): void;
  /** Scroll as little as necessary to have a person's caret in view. */
  keepInView(person: string): void;
  /** Counts how often the person here has typed, moved or scrolled. */
  readonly moves: ReadonlySignal<number>;
  destroy(): void;
}

/** Show a document in an element. `caretedClient` returns the client of a person that has a caret. */
export function handleOf(
  file: FileId,
  shown: Document,
  parent: HTMLElement,
  caretedClient: (person: string) => ClientId | undefined,
): EditorHandle {
  shown.attach(parent);
  return {
    file,
    cursor: shown.cursor,
    focused: shown.focused,
    focus: () => shown.focus(),
    perform: (command) => shown.perform(command),
    run: (command) => shown.run(command),
    lineCount: () => shown.state.doc.lines,
    selected: () => {
      const { from, to } = shown.state.selection.main;
      return shown.state.sliceDoc(from, to);
    },
    goToLine: (line, column) => shown.goToLine(line, column),
    lines: () => {
      const { doc, selection } = shown.state;
      const { from, to, empty } = selection.main;
      // A selection that ends at the start of a line includes nothing of that line.
      const last = doc.lineAt(empty ? to : Math.max(from, to - 1));
      return { from: doc.lineAt(from).number, to: last.number };
    },
    changes: shown.changes,
    scroller: () => parent.querySelector<HTMLElement>(".cm-scroller"),
    topLine: () => shown.topLine(),
    scrollToLine: (line) => shown.scrollToLine(line),
    selectLines: (from, to) => shown.perform(linesCommand(from, to)),
    goTo: (person) => {
      const client = caretedClient(person);
      if (client) shown.goTo(client);
    },
    keepInView: (person) => {
      const client = caretedClient(person);
      if (client) shown.keepInView(client);
    },
    moves: shown.moves,
    destroy: () => shown.detach(),
  };
}
