import { EditorSelection, type Transaction } from "@codemirror/state";
import { selecting } from "./collab";

/**
 * Return transactions that leave no selection with its end before its start. CodeMirror maps a
 * selection inside a replaced stretch to such a range and fails at the next keystroke; here the range
 * becomes a caret. This happens to selected text, and to text that an undo selects again.
 */
export function upright(transactions: readonly Transaction[]): readonly Transaction[] {
  const last = transactions.at(-1);
  if (!last || last.newSelection.ranges.every(({ from, to }) => from <= to)) return transactions;
  const { mainIndex, ranges } = last.newSelection;
  const sound = ranges.map((range) =>
    range.from <= range.to ? range : EditorSelection.cursor(range.to),
  );
  const selection = EditorSelection.create(sound, mainIndex);
  return [...transactions, selecting(last, selection)];
}
