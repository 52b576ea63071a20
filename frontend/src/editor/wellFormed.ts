/**
 * Keeps characters out of the text that no text may contain: halves of surrogate pairs, U+0000 and
 * carriage returns. If an input method or a program replaces one half of a surrogate pair, the edit
 * becomes a replacement of the whole character. Everything else passes unchanged.
 */
import { EditorState, Transaction, type TransactionSpec } from "@codemirror/state";
import { isPair } from "../ot/text";
import { astral } from "./astral";
import { eachChange } from "./eachChange";

/** In Unicode mode a surrogate pair is one character, so this matches only lone halves. */
const UNSTORABLE = /[\0\r\ud800-\udfff]/u;
const EVERY_UNSTORABLE = new RegExp(UNSTORABLE, "gu");

export const wellFormed = EditorState.transactionFilter.of((transaction) =>
  !transaction.docChanged || isWellFormed(transaction) ? transaction : repaired(transaction),
);

function isWellFormed({ startState, changes }: Transaction): boolean {
  let fine = true;
  eachChange(changes, (from, to, insert) => {
    fine &&= !UNSTORABLE.test(insert) && !splits(startState, from) && !splits(startState, to);
  });
  return fine;
}

/**
 * Return the same edit by whole characters. The resulting text keeps its length, so the selection stays
 * right.
 */
function repaired(transaction: Transaction): TransactionSpec {
  const { startState, selection, effects, scrollIntoView } = transaction;
  const { doc } = startState;
  const changes: { from: number; to: number; insert: string }[] = [];
  transaction.changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    const from = splits(startState, fromA) ? fromA - 1 : fromA;
    const to = splits(startState, toA) ? toA + 1 : toA;
    const text = doc.sliceString(from, fromA) + inserted.toString() + doc.sliceString(toA, to);
    changes.push({ from, to, insert: text.replace(EVERY_UNSTORABLE, "\ufffd") });
  });
  const userEvent = transaction.annotation(Transaction.userEvent);
  return {
    changes,
    effects,
    scrollIntoView,
    ...(selection && { selection }),
    ...(userEvent && { userEvent }),
  };
}

/** Tell whether an offset lies between the two halves of a character. */
function splits(state: EditorState, offset: number): boolean {
  return state.field(astral).length > 0 && isPair(state.doc.sliceString(offset - 1, offset + 1), 0);
}
