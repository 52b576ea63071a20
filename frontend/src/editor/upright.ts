import { EditorSelection, type Transaction } from "@codemirror/state";
import { selecting } from "./collab";

/**
 * Transactions that leave no selection inside out. CodeMirror maps a selection that lies within a
 * replaced stretch to a range whose end is left of its start, and fails at the next keystroke; such a
 * range becomes a caret. It happens to what is selected, and to what an undo selects again.
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
