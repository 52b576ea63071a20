import { EditorState, type Extension, type Transaction } from "@codemirror/state";
import { codePoints } from "../ot";
import { operationOf } from "./collab";

/** Keep a text from growing beyond `most()` code points, and tell the person what could not be inserted. */
export function limit(most: () => number, tell: (words: string) => void): Extension {
  return EditorState.transactionFilter.of((transaction) => {
    const { changes } = transaction;
    // A text never has more code points than UTF-16 units, so this cheap check is enough.
    if (!transaction.docChanged || changes.newLength <= most()) return transaction;
    const { baseLength, targetLength } = operationOf(transaction);
    if (targetLength <= Math.max(most(), baseLength)) return transaction;
    const room = `a file has room for ${count(most())}`;
    const pasted = codePoints(insertedBy(transaction));
    const words = !transaction.isUserEvent("input.paste")
      ? `The file is full: ${room} characters.`
      : pasted > most()
        ? `This paste is ${mebi(pasted)}; the limit is ${mebi(most())}. Nothing was sent.`
        : `The file would have ${count(targetLength)} characters with this paste; ${room}. Nothing was sent.`;
    // A filter must not dispatch, but `tell` may, so call it later.
    queueMicrotask(() => tell(words));
    return [];
  });
}

function insertedBy({ changes }: Transaction): string {
  const parts: string[] = [];
  changes.iterChanges((_fromA, _toA, _fromB, _toB, text) => parts.push(text.toString()));
  return parts.join("");
}

/**
 * Format a size as "3.1 MiB", given in one-byte characters. Rounds up, so that a text that is too large
 * is never said to have the size of the limit.
 */
function mebi(characters: number): string {
  return `${(Math.ceil((characters * 10) / 2 ** 20) / 10).toLocaleString("en")} MiB`;
}

function count(characters: number): string {
  return characters.toLocaleString("en");
}
