/**
 * Handles thousands of changes in one transaction, such as replacing all of 45,000 matches. CodeMirror
 * takes some hundredths of a millisecond for each change, which would freeze the page for a second. So
 * CodeMirror gets a few hundred larger replacements that lead to the same text, and the transaction
 * carries the exact changes along. Carets follow the exact changes, the room receives them, and undo
 * takes them back.
 */
import { invertedEffects, isolateHistory } from "@codemirror/commands";
import {
  Annotation,
  ChangeSet,
  type ChangeSpec,
  type Extension,
  StateEffect,
  Text,
  type Transaction,
} from "@codemirror/state";
import type { ViewUpdate } from "@codemirror/view";
import { type ChangeParts, countOf, eachChange } from "./eachChange";
import { type Edit, fewer } from "./edits";

/** The number of changes that CodeMirror handles within a frame. */
const MANY = 400;

const exactly = Annotation.define<ChangeSet>();

/**
 * The changes that take back the many changes of one entry of the undo history. It is stored with that
 * entry.
 */
const inverse = StateEffect.define<ChangeSet>({ map: (changes, by) => changes.map(by) });

/** Make undo and redo take back the exact changes. */
export function bulkHistory(): Extension {
  return invertedEffects.of((transaction) => {
    const exact = transaction.annotation(exactly);
    return exact ? [inverse.of(inverted(exact, transaction.startState.doc.toString()))] : [];
  });
}

/** Return the changes of a transaction, each on its own. */
export function exactChanges(transaction: Transaction): ChangeSet {
  return transaction.annotation(exactly) ?? transaction.changes;
}

/** Return the exact changes of a view update. */
export function exactUpdate({ changes, transactions }: ViewUpdate): ChangeSet {
  const [one, ...others] = transactions.filter(({ docChanged }) => docChanged);
  return one && others.length === 0 ? exactChanges(one) : changes;
}

/**
 * Replace a transaction that has very many changes by one with a few large changes. Returns every other
 * transaction unchanged.
 */
export function inBulk(transactions: readonly Transaction[]): readonly Transaction[] {
  const [one, ...others] = transactions;
  if (!one?.docChanged || others.length > 0) return transactions;
  const { startState, effects, newSelection } = one;
  const kept = effects.find((effect) => effect.is(inverse))?.value as ChangeSet | undefined;
  // If another change was joined to the history's entry, its length differs from this document's, so
  // the kept changes do not apply.
  const exact = kept?.length === startState.doc.length ? kept : one.changes;
  if (countOf(exact) <= MANY) return transactions;
  const selection = exact === one.changes ? newSelection : undefined;
  return [
    startState.update({
      changes: joined(exact, startState.doc.toString()),
      selection: selection ?? startState.selection.map(exact),
      effects: effects.filter((effect) => !effect.is(inverse)),
      annotations: [
        ...annotationsOf(one),
        exactly.of(exact),
        // Keep the next typing out of this history entry, since the entry stores its own inverse.
        isolateHistory.of("full"),
      ],
      scrollIntoView: one.scrollIntoView,
      filter: false,
    }),
  ];
}

/**
 * Return all annotations of a transaction. Reading them one by one is impossible: the undo history does
 * not export its own annotation type.
 */
function annotationsOf(transaction: Transaction): readonly Annotation<unknown>[] {
  const { annotations } = transaction as unknown as { annotations: Annotation<unknown>[] };
  return annotations;
}

/** Join changes to at most `MANY` changes with the same result. */
function joined(changes: ChangeSet, text: string): ChangeSpec[] {
  const edits: Edit[] = [];
  eachChange(changes, (from, to, insert) => edits.push({ from, to, insert }));
  return fewer(edits, text, MANY).map((edit) => ({ ...edit, insert: linesOf(edit.insert) }));
}

/** Return the changes that take `changes` back. `text` is the text before `changes`. */
function inverted(changes: ChangeSet, text: string): ChangeSet {
  const parts: ChangeParts = [];
  let position = 0;
  for (const part of changes.toJSON() as ChangeParts) {
    if (typeof part === "number") {
      parts.push(part);
      position += part;
      continue;
    }
    const [deleted, ...lines] = part;
    const written = lines.reduce((sum, line) => sum + line.length + 1, 0) - (lines.length ? 1 : 0);
    const before = text.slice(position, position + deleted);
    parts.push(deleted ? [written, ...before.split("\n")] : [written]);
    position += deleted;
  }
  return ChangeSet.fromJSON(parts);
}

function linesOf(text: string): Text {
  return Text.of(text.split("\n"));
}
