import { EditorState, type Extension } from "@codemirror/state";
import { operationOf } from "./collab";

/** Keeps a text from growing beyond `most()` code points, and tells what could not be put in. */
export function limit(most: () => number, tell: (words: string) => void): Extension {
  return EditorState.transactionFilter.of((transaction) => {
    const { changes } = transaction;
    // There are never more code points than UTF-16 units.
    if (!transaction.docChanged || changes.newLength <= most()) return transaction;
    const { baseLength, targetLength } = operationOf(transaction);
    if (targetLength <= Math.max(most(), baseLength)) return transaction;
    const room = `a file has room for ${count(most())}`;
    const words = transaction.isUserEvent("input.paste")
      ? `The file would have ${count(targetLength)} characters with this paste; ${room}. Nothing was sent.`
      : `The file is full: ${room} characters.`;
    // A filter must not dispatch, and who is told may.
    queueMicrotask(() => tell(words));
    return [];
  });
}

function count(characters: number): string {
  return characters.toLocaleString("en");
}
