/**
 * Keeps an editor in step with one file of a room: turns CodeMirror's changes into operations, and
 * operations into changes.
 */
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

/** Marks a transaction that brings changes from the room. It is neither sent nor undone. */
const remote = Annotation.define<true>();

/**
 * Tells whether the caret stands on the character after it, as Vim's block cursor does. Such a caret
 * moves along when others insert between caret and character. Any other caret stays left of text that
 * others insert at it.
 */
export const onCharacter = Facet.define<() => boolean>();

/**
 * Report every edit that is made in this editor, with its origin. The edits of others arrive through
 * `remoteEdit`.
 */
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

/** Tell whether an update only brings what others did, so that the person here neither typed nor moved. */
export function isRemoteUpdate({ docChanged, transactions }: ViewUpdate): boolean {
  return docChanged && transactions.every((one) => isRemote(one));
}

/** Return the origin of the edit in a transaction. */
export function originOf(transaction: Transaction): Origin {
  const is = (event: string) => transaction.isUserEvent(event);
  if (is("input.paste") || is("input.drop")) return "pasted";
  if (is("input.complete")) return "suggestion";
  if (is("ai")) return "ai";
  return is("format") ? "formatted" : "typed";
}

/** Return the operation that a transaction applied to the text. A replacement inserts first, then deletes. */
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

/** Return the transaction that applies an operation of the room to the text. */
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

/**
 * Return a transaction that corrects the selection after another transaction. It counts as remote if
 * the other one does.
 */
export function selecting(transaction: Transaction, selection: EditorSelection): Transaction {
  const annotations = isRemote(transaction) ? [remote.of(true)] : [];
  return transaction.state.update({ selection, annotations });
}

/** Return the transaction that turns the editor's text into `text`. It changes only the parts that differ. */
export function remoteText(state: EditorState, text: string): TransactionSpec {
  return remoteEdit(state, diff(state.doc.toString(), text));
}

/** Split a text into lines. The text must contain no line ends other than LF. */
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
