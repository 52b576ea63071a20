/** What the page does with the editor that it shows. */
import type { Command } from "@codemirror/view";
import type { ReadonlySignal } from "@preact/signals";
import type { ClientId } from "../link/protocol";
import type { Cursor, Document } from "./document";

export interface EditorHandle {
  readonly cursor: ReadonlySignal<Cursor>;
  readonly focused: ReadonlySignal<boolean>;
  focus(): void;
  /** Run a command of the editor, which gets the focus. */
  perform(command: Command): void;
  lineCount(): number;
  /** Put the caret there, both counted from 1, or at the nearest place there is. */
  goToLine(line: number, column: number): void;
  goTo(person: string): void;
  /** The same with no more scrolling than it takes. */
  keepInView(person: string): void;
  /** How often the person here has typed, moved or scrolled. */
  readonly moves: ReadonlySignal<number>;
  destroy(): void;
}

/** Show a document in an element. `caretedClient` is the client of a person that has a caret. */
export function handleOf(
  shown: Document,
  parent: HTMLElement,
  caretedClient: (person: string) => ClientId | undefined,
): EditorHandle {
  shown.attach(parent);
  return {
    cursor: shown.cursor,
    focused: shown.focused,
    focus: () => shown.focus(),
    perform: (command) => shown.perform(command),
    lineCount: () => shown.state.doc.lines,
    goToLine: (line, column) => shown.goToLine(line, column),
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
