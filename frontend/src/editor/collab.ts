/** An editor in step with one file of a room: CodeMirror's changes as operations, and back. */
import {
  Annotation,
  type ChangeSpec,
  type EditorState,
  type Extension,
  Text,
  Transaction,
  type TransactionSpec,
} from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { type Component, diff, Operation } from "../ot";
import { astral, textLength, toOffset, toPosition } from "./astral";
import { wellFormed } from "./wellFormed";

/** Marks a transaction that brings what the room says: nothing to send, nothing to undo. */
const remote = Annotation.define<true>();

/** Tells every edit that is made here. Those of others come in by `remoteEdit`. */
export function collab(edit: (operation: Operation) => void): Extension {
  return [
    astral,
    wellFormed,
    EditorView.updateListener.of(({ transactions }) => {
      for (const transaction of transactions) {
        if (isLocalEdit(transaction)) edit(operationOf(transaction));
      }
    }),
  ];
}

export function isLocalEdit(transaction: Transaction): boolean {
  return transaction.docChanged && !transaction.annotation(remote);
}

/** What a transaction did to the text. A replacement inserts, then deletes. */
export function operationOf({ startState, changes }: Transaction): Operation {
  const components: Component[] = [];
  let position = 0;
  changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    const from = toPosition(startState, fromA);
    const to = toPosition(startState, toA);
    components.push(from - position, inserted.toString(), from - to);
    position = to;
  });
  return new Operation([...components, textLength(startState) - position]);
}

/** The transaction by which an operation of the room changes the text. */
export function remoteEdit(state: EditorState, operation: Operation): TransactionSpec {
  return {
    changes: changesOf(state, operation),
    annotations: [remote.of(true), Transaction.addToHistory.of(false)],
    filter: false,
  };
}

/** The transaction after which the text is this one, changed only where the two differ. */
export function remoteText(state: EditorState, text: string): TransactionSpec {
  return remoteEdit(state, diff(state.doc.toString(), text));
}

/** The lines of a text, which has no other line ends than LF. */
export function textOf(text: string): Text {
  return Text.of(text.split("\n"));
}

function changesOf(state: EditorState, operation: Operation): ChangeSpec[] {
  const changes: ChangeSpec[] = [];
  let position = 0;
  let from = 0;
  for (const component of operation.components) {
    if (typeof component === "string") {
      changes.push({ from, insert: textOf(component) });
    } else {
      position += Math.abs(component);
      const to = toOffset(state, position);
      if (component < 0) changes.push({ from, to });
      from = to;
    }
  }
  return changes;
}
