/** An editor in step with one file of a room: CodeMirror's changes as operations, and back. */
import {
  Annotation,
  type ChangeSpec,
  type EditorSelection,
  type EditorState,
  type Extension,
  Facet,
  Text,
  Transaction,
  type TransactionSpec,
} from "@codemirror/state";
import { EditorView, type ViewUpdate } from "@codemirror/view";
import type { Origin } from "../link/protocol";
import { type Component, diff, Operation } from "../ot";
import { astral, textLength, toOffset, toPosition } from "./astral";
import { bulkHistory, exactChanges } from "./bulk";
import { eachChange } from "./eachChange";
import { wellFormed } from "./wellFormed";

/** Marks a transaction that brings what the room says: nothing to send, nothing to undo. */
const remote = Annotation.define<true>();

/**
 * Whether the caret stands on the character after it, as Vim's block does, and goes along when others
 * insert between the two. Without this a caret stays left of what others insert at it.
 */
export const onCharacter = Facet.define<() => boolean>();

/** Tells every edit that is made here, and its origin. Those of others come in by `remoteEdit`. */
export function collab(edit: (operation: Operation, origin: Origin) => void): Extension {
  return [
    astral,
    wellFormed,
    bulkHistory(),
    EditorView.updateListener.of(({ transactions }) => {
      for (const transaction of transactions) {
        if (isLocalEdit(transaction)) edit(operationOf(transaction), originOf(transaction));
      }
    }),
  ];
}

export function isLocalEdit(transaction: Transaction): boolean {
  return transaction.docChanged && !transaction.annotation(remote);
}

export function isRemote(transaction: Transaction): boolean {
  return transaction.annotation(remote) === true;
}

/** Whether a transaction only brings what others did, so that the person here neither typed nor moved. */
export function isRemoteUpdate({ docChanged, transactions }: ViewUpdate): boolean {
  return docChanged && transactions.every((one) => isRemote(one));
}

/** How the edit of a transaction came about. */
export function originOf(transaction: Transaction): Origin {
  const is = (event: string) => transaction.isUserEvent(event);
  if (is("input.paste") || is("input.drop")) return "pasted";
  if (is("input.complete")) return "suggestion";
  return is("format") ? "formatted" : "typed";
}

/** What a transaction did to the text. A replacement inserts, then deletes. */
export function operationOf(transaction: Transaction): Operation {
  const { startState } = transaction;
  const components: Component[] = [];
  let position = 0;
  eachChange(exactChanges(transaction), (start, end, insert) => {
    const from = toPosition(startState, start);
    const to = toPosition(startState, end);
    components.push(from - position, insert, from - to);
    position = to;
  });
  return new Operation([...components, textLength(startState) - position]);
}

/** The transaction by which an operation of the room changes the text. */
export function remoteEdit(state: EditorState, operation: Operation): TransactionSpec {
  const changes = state.changes(changesOf(state, operation));
  const along = state.facet(onCharacter).some((is) => is());
  return {
    changes,
    ...(along && { selection: state.selection.map(changes, 1) }),
    annotations: [remote.of(true), Transaction.addToHistory.of(false)],
    filter: false,
  };
}

/** The transaction that mends a selection after another one, and is as remote as that. */
export function selecting(transaction: Transaction, selection: EditorSelection): Transaction {
  const annotations = isRemote(transaction) ? [remote.of(true)] : [];
  return transaction.state.update({ selection, annotations });
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
