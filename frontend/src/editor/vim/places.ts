/**
 * Carries the places that the Vim keymap remembers along when others edit. The keymap takes every
 * change of the text for the person's own: it would record the typing of others for `.` and macros, and
 * it keeps visual selections as lines and columns that nothing moves. So the keymap is told only of the
 * person's own changes, and this module applies the changes of others to the keymap's state.
 */
import type { ChangeDesc, Text } from "@codemirror/state";
import type { ViewUpdate } from "@codemirror/view";
import { type CodeMirror, Vim } from "@replit/codemirror-vim";
import { isRemoteUpdate } from "../collab";
import { keepFound } from "./found";
import { offsetOf, type Place, placeAt } from "./place";
import { Shape } from "./shape";

/** The parts of the keymap's view plugin that must react when others change the text. */
interface Keymap {
  query: unknown;
  update(update: ViewUpdate): void;
  highlight(query: unknown): void;
  blockCursor: { update(update: ViewUpdate): void; scheduleRedraw(): void };
}

export function keepPlaces(editor: CodeMirror): void {
  const keymap: Keymap = editor.state.vimPlugin;
  const ownUpdate = keymap.update.bind(keymap);
  const found = keepFound(editor);
  const shape = new Shape(editor);
  keymap.update = (update) => {
    const remote = isRemoteUpdate(update);
    if (update.docChanged) found.carry(update, remote);
    if (!remote) {
      ownUpdate(update);
      return;
    }
    carryMarks(editor, update.changes);
    if (editor.state.vim?.visualBlock) shape.carryBlock(update);
    else carrySelection(editor, update);
    if (editor.state.vim?.visualLine) shape.carryLines(update);
    if (keymap.query) keymap.highlight(keymap.query);
    keymap.blockCursor.update(update);
    keymap.blockCursor.scheduleRedraw();
  };
}

/**
 * Move marks, jumps and the end of the inserted text along with changes. Marks and jumps stand on
 * characters; the end of the insertion stays with the caret.
 */
function carryMarks(editor: CodeMirror, changes: ChangeDesc): void {
  const caretMark = editor.state.vim?.insertEnd;
  for (const mark of Object.values(editor.marks)) {
    if (mark.offset !== null) {
      mark.offset = changes.mapPos(mark.offset, mark.id === caretMark?.id ? -1 : 1);
    }
  }
  editor.$lastChangeEndOffset = changes.mapPos(editor.$lastChangeEndOffset, -1);
}

/** Move a selection of characters or lines along. Visual mode ends when others have deleted all of it. */
function carrySelection(editor: CodeMirror, { changes, startState, state }: ViewUpdate): void {
  const { vim } = editor.state;
  if (!vim?.visualMode) return;
  const [anchor, head] = [vim.sel.anchor, vim.sel.head].map((place) =>
    offsetOf(startState.doc, place),
  ) as [number, number];
  const carry = vim.visualLine ? carriedLines : carriedCharacters;
  const carried = carry(Math.min(anchor, head), Math.max(anchor, head), startState.doc, changes);
  if (!carried) {
    Vim.exitVisualMode(editor as Parameters<typeof Vim.exitVisualMode>[0], false);
    return;
  }
  const [first, last] = carried.map((offset) => placeAt(state.doc, offset)) as [Place, Place];
  vim.sel = anchor <= head ? { anchor: first, head: last } : { anchor: last, head: first };
}

/** Return the offsets of the first and the last selected character after changes; null when none is left. */
function carriedCharacters(first: number, last: number, before: Text, changes: ChangeDesc) {
  const from = changes.mapPos(first, 1);
  // A selection that ends at the end of a line includes no character there.
  if (last === before.lineAt(last).to) return [from, Math.max(from, changes.mapPos(last, -1))];
  const to = changes.mapPos(last + characterAt(before, last).length, -1);
  if (to <= from) return null;
  // If the last character is gone, the selection ends with the character before it.
  const moved = changes.mapPos(last, 1);
  return [from, moved < to ? moved : Math.max(from, to - 1)];
}

/** Return offsets in the first and the last selected line after changes; null when none is left. */
function carriedLines(first: number, last: number, before: Text, changes: ChangeDesc) {
  const { from } = before.lineAt(first);
  const { to } = before.lineAt(last);
  const newFrom = changes.mapPos(from, 1);
  const newTo = changes.mapPos(to, -1);
  const goneAfter = to < before.length && changes.mapPos(to + 1, -1) <= newFrom;
  const goneBefore = from > 0 && newTo <= changes.mapPos(from - 1, 1);
  if (goneAfter || goneBefore) return null;
  const within = (offset: number) => Math.min(Math.max(offset, newFrom), Math.max(newFrom, newTo));
  return [within(changes.mapPos(first, 1)), within(changes.mapPos(last, 1))];
}

function characterAt(doc: Text, offset: number): string {
  return String.fromCodePoint(doc.sliceString(offset, offset + 2).codePointAt(0) ?? 32);
}
