/**
 * Follows a text from a run to now, so that a line of that time is found where it is today. A document keeps
 * what was done to it since the page heard of the run. What lies before that, from the run's own text to the
 * text that the page had then, is compared; mostly the two are equal.
 */
import { type ChangeDesc, ChangeSet, StateEffect, StateField, type Text } from "@codemirror/state";
import { exactChanges } from "../editor/bulk";
import type { Document } from "../editor/document";
import { editsBetween } from "../editor/edits";

interface Since {
  run: number;
  /** The text when the page began to follow. */
  text: Text;
  /** From that text to the text now. */
  changes: ChangeDesc;
}

/** The most words that are compared, which takes some ms. */
const MOST_WORDS = 400;

const begin = StateEffect.define<number>();
const since = StateField.define<Since | null>({
  create: () => null,
  update(value, transaction) {
    let next = value;
    if (next && transaction.docChanged) {
      const { desc } = exactChanges(transaction);
      next = { ...next, changes: next.changes.composeDesc(desc) };
    }
    for (const effect of transaction.effects) {
      if (!effect.is(begin)) continue;
      const text = transaction.newDoc;
      next = { run: effect.value, text, changes: ChangeSet.empty(text.length).desc };
    }
    return next;
  },
});

/** Begin to follow a document for a run, unless it is followed for it already. */
export function follow(document: Document, run: number): void {
  if (document.state.field(since, false)?.run === run) return;
  const has = document.state.field(since, false) !== undefined;
  // The field must be there before it can take the effect.
  if (!has) document.dispatch({ effects: StateEffect.appendConfig.of(since) });
  document.dispatch({ effects: begin.of(run) });
}

/**
 * Return the present start of a line of the run's own text, in a document that is followed for this run. `column`
 * counts code points from 1. Returns UTF-16 units.
 */
export function offsetNow(
  document: Document,
  ran: string,
  line: number,
  column = 1,
): { from: number; to: number } | null {
  const value = document.state.field(since, false);
  if (!value) return null;
  const then = offsetIn(ran, line, column);
  const before = compared(ran, value.text);
  const at = value.changes.mapPos(before ? before.mapPos(then, 1) : then, 1);
  return { from: at, to: document.state.doc.lineAt(at).to };
}

/** The same in a text that is not shown: the line and the column, from 1, that a place of the run has in `text`. */
export function placeIn(
  text: string,
  ran: string,
  line: number,
  column = 1,
): { line: number; column: number } {
  if (ran === text) return { line, column };
  const then = offsetIn(ran, line, column);
  const at = changesOf(ran, text).mapPos(then, 1);
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const lines = text.slice(0, start).split("\n").length;
  return { line: lines, column: [...text.slice(start, at)].length + 1 };
}

/** The last comparison: a text of a run, the text at the beginning, and the changes between them. */
let last: { ran: string; text: Text; changes: ChangeDesc | null } | null = null;

function compared(ran: string, text: Text): ChangeDesc | null {
  if (last?.ran !== ran || last.text !== text) {
    const now = text.toString();
    last = { ran, text, changes: now === ran ? null : changesOf(ran, now).desc };
  }
  return last.changes;
}

function changesOf(before: string, after: string): ChangeSet {
  return ChangeSet.of(editsBetween(before, after, MOST_WORDS), before.length);
}

/** Return the offset of a line's start or of a column in it; if there is no such place, the last one before it. */
function offsetIn(text: string, line: number, column: number): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf("\n", start);
    if (end < 0) break;
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  const characters = [...text.slice(start, end < 0 ? text.length : end)];
  return start + characters.slice(0, column - 1).join("").length;
}
