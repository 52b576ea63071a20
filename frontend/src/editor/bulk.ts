/**
 * Thousands of changes in one transaction, as replacing all of 45,000 matches makes them. CodeMirror
 * takes some hundredths of a millisecond for each, which holds the page up for a second. So it is
 * given a few hundred larger replacements that lead to the same text, and the transaction carries the
 * exact changes along: carets follow those, the room is sent those, and undo takes those back.
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

/** CodeMirror takes so many changes within a frame. */
const MANY = 400;

const exactly = Annotation.define<ChangeSet>();

/** What is kept with an entry of the undo history that was made of many changes: how to take those back. */
const inverse = StateEffect.define<ChangeSet>({ map: (changes, by) => changes.map(by) });

/** Lets undo and redo take back the exact changes. */
export function bulkHistory(): Extension {
  return invertedEffects.of((transaction) => {
    const exact = transaction.annotation(exactly);
    return exact ? [inverse.of(inverted(exact, transaction.startState.doc.toString()))] : [];
  });
}

/** What a transaction changes, each change on its own. */
export function exactChanges(transaction: Transaction): ChangeSet {
  return transaction.annotation(exactly) ?? transaction.changes;
}

/** The same of an update of a view. */
export function exactUpdate({ changes, transactions }: ViewUpdate): ChangeSet {
  const [one, ...others] = transactions.filter(({ docChanged }) => docChanged);
  return one && others.length === 0 ? exactChanges(one) : changes;
}

/** A transaction with very many changes gets few large ones; every other one is left as it is. */
export function inBulk(transactions: readonly Transaction[]): readonly Transaction[] {
  const [one, ...others] = transactions;
  if (!one?.docChanged || others.length > 0) return transactions;
  const { startState, effects, newSelection } = one;
  const kept = effects.find((effect) => effect.is(inverse))?.value as ChangeSet | undefined;
  // An entry of the history that something else was joined to begins with another text.
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
        // What is typed next must not join the entry of the history: its inverse is kept apart.
        isolateHistory.of("full"),
      ],
      scrollIntoView: one.scrollIntoView,
      filter: false,
    }),
  ];
}

/** All of them. The undo history's own annotation has no name outside of it. */
function annotationsOf(transaction: Transaction): readonly Annotation<unknown>[] {
  const { annotations } = transaction as unknown as { annotations: Annotation<unknown>[] };
  return annotations;
}

/** At most `MANY` changes with the same result. */
function joined(changes: ChangeSet, text: string): ChangeSpec[] {
  const edits: Edit[] = [];
  eachChange(changes, (from, to, insert) => edits.push({ from, to, insert }));
  return fewer(edits, text, MANY).map((edit) => ({ ...edit, insert: linesOf(edit.insert) }));
}

/** The changes that take others back, given the text before those. */
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
