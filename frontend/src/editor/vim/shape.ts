/**
 * Corrects Vim's selections of blocks and of lines. At each key, the keymap computes their ranges again
 * from two corners. If others have typed between two keys, these ranges differ from the selection on
 * the screen. So this module corrects the ranges that the keymap sets.
 */
import type { ChangeDesc, Text } from "@codemirror/state";
import type { ViewUpdate } from "@codemirror/view";
import type { CodeMirror } from "@replit/codemirror-vim";
import { offsetOf, type Place, placeAt } from "./place";

interface Range {
  anchor: Place;
  head: Place;
}

export class Shape {
  #editor: CodeMirror;
  /** By line, how many columns others have moved the block to the right by edits left of it. */
  #shifts = new Map<number, number>();
  /**
   * The offset where a selection of whole lines begins, if others have typed at the start of its first
   * line.
   */
  #edge: number | null = null;

  constructor(editor: CodeMirror) {
    this.#editor = editor;
    editor.on("vim-mode-change", ({ mode, subMode }: { mode: string; subMode?: string }) => {
      if (mode === "normal" || subMode !== undefined) this.#forget();
    });
    const setSelections = editor.setSelections.bind(editor);
    editor.setSelections = (ranges: Range[], primary?: number) => {
      this.#mend(ranges);
      setSelections(ranges, primary);
    };
  }

  /** Move the two corners of a block along with a change. */
  carryBlock({ changes, startState, state }: ViewUpdate): void {
    const { vim } = this.#editor.state;
    const before = startState.selection.ranges.map(({ from }) => placeAt(startState.doc, from));
    const after = state.selection.ranges.map(({ from }) => placeAt(state.doc, from));
    this.#shifts = moved(this.#shifts, startState.doc, state.doc, changes);
    if (!vim || before.length !== after.length) return;
    const corner = ({ line, ch }: Place): Place => {
      const row = before.findIndex((place) => place.line === line);
      const [was, is] = [before[row], after[row]];
      return was && is ? { line: is.line, ch: ch + is.ch - was.ch } : { line, ch };
    };
    vim.sel = { anchor: corner(vim.sel.anchor), head: corner(vim.sel.head) };
    after.forEach(({ line, ch }, row) => {
      const shift = (this.#shifts.get(line) ?? 0) + ch - (before[row]?.ch ?? ch);
      if (shift) this.#shifts.set(line, shift);
      else this.#shifts.delete(line);
    });
  }

  carryLines({ state }: ViewUpdate): void {
    const { from } = state.selection.main;
    this.#edge = state.doc.lineAt(from).from === from ? null : from;
  }

  #forget(): void {
    this.#shifts.clear();
    this.#edge = null;
  }

  #mend(ranges: Range[]): void {
    const { vim } = this.#editor.state;
    if (vim?.visualLine && this.#edge !== null) this.#mendLines(ranges, this.#edge);
    if (this.#shifts.size === 0 || !vim) return;
    if (vim.visualBlock) this.#mendBlock(ranges, vim.sel);
    else if (ranges.length > 1) {
      const atEnd = vim.lastEditActionCommand?.actionArgs?.insertAt === "endOfSelectedArea";
      this.#mendCarets(ranges, vim.sel, atEnd);
      this.#forget();
    }
  }

  #mendLines(ranges: Range[], edge: number): void {
    const { doc } = this.#editor.cm6.state;
    const start = placeAt(doc, edge);
    for (const { anchor, head } of ranges) {
      const first = offsetOf(doc, anchor) <= offsetOf(doc, head) ? anchor : head;
      if (first.line === start.line && first.ch === 0) first.ch = start.ch;
    }
  }

  #mendBlock(ranges: Range[], corners: Range): void {
    let [anchor, head] = this.#columns(corners);
    if (anchor < head) head++;
    else anchor++;
    for (const range of ranges) {
      const shift = this.#shifts.get(range.anchor.line) ?? 0;
      const toLineEnd = range.head.ch === this.#editor.getLine(range.head.line).length;
      range.anchor.ch = anchor + shift;
      if (!toLineEnd) range.head.ch = head + shift;
    }
  }

  /** Correct the carets at one side of a former block. */
  #mendCarets(ranges: Range[], corners: Range, atEnd: boolean): void {
    const columns = this.#columns(corners);
    const column = atEnd ? Math.max(...columns) + 1 : Math.min(...columns);
    for (const range of ranges) {
      const { line } = range.head;
      const place = { line, ch: column + (this.#shifts.get(line) ?? 0) };
      Object.assign(range, { anchor: place, head: place });
    }
  }

  /** Return the columns of a block in lines where nobody has typed left of it. */
  #columns({ anchor, head }: Range): [number, number] {
    const column = ({ line, ch }: Place) => ch - (this.#shifts.get(line) ?? 0);
    return [column(anchor), column(head)];
  }
}

function moved(lines: Map<number, number>, before: Text, after: Text, changes: ChangeDesc) {
  const to = (line: number) => {
    const start = offsetOf(before, { line, ch: 0 });
    return placeAt(after, changes.mapPos(start, 1)).line;
  };
  return new Map([...lines].map(([line, shift]) => [to(line), shift]));
}
