/** What the page does with the editor that it shows. */
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
  /** Run a command of the editor, which gets the focus. */
  perform(command: Command): void;
  lineCount(): number;
  /** Put the caret there, both counted from 1, or at the nearest place there is. */
  goToLine(line: number, column: number): void;
  /** The lines that are selected, from 1. */
  lines(): { from: number; to: number };
  /** Select whole lines, from 1, as far as they are there, and bring them into view. */
  selectLines(from: number, to: number): void;
  goTo(person: string): void;
  /** The same with no more scrolling than it takes. */
  keepInView(person: string): void;
  /** How often the person here has typed, moved or scrolled. */
  readonly moves: ReadonlySignal<number>;
  destroy(): void;
}

/** Show a document in an element. `caretedClient` is the client of a person that has a caret. */
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
    lineCount: () => shown.state.doc.lines,
    goToLine: (line, column) => shown.goToLine(line, column),
    lines: () => {
      const { doc, selection } = shown.state;
      const { from, to, empty } = selection.main;
      // A selection that ends at the start of a line has nothing of that line.
      const last = doc.lineAt(empty ? to : Math.max(from, to - 1));
      return { from: doc.lineAt(from).number, to: last.number };
    },
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
