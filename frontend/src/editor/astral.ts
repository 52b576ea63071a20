/**
 * Converts between CodeMirror's offsets, which count UTF-16 units, and the room's positions, which
 * count code points. The state keeps a sorted list of the offsets of all astral characters and maps it
 * in every transaction. The list is empty for most files; an offset then equals its position.
 */
import { type EditorState, StateField, type Text, type Transaction } from "@codemirror/state";
import { isPair } from "../ot/text";

export const astral = StateField.define<readonly number[]>({
  create: (state) => collect(state.doc, 0, []),
  update: (offsets, transaction) =>
    transaction.docChanged ? carry(offsets, transaction) : offsets,
});

/** Return the number of code points before an offset. */
export function toPosition(state: EditorState, offset: number): number {
  const offsets = state.field(astral);
  return offset - first(offsets, (index) => (offsets[index] as number) >= offset);
}

/** Return the offset of a position; the end of the text for a position beyond the end. */
export function toOffset(state: EditorState, position: number): number {
  const offsets = state.field(astral);
  const pairs = first(offsets, (index) => (offsets[index] as number) - index >= position);
  return Math.min(position + pairs, state.doc.length);
}

/** Return the number of code points in the whole text. */
export function textLength(state: EditorState): number {
  return state.doc.length - state.field(astral).length;
}

function carry(offsets: readonly number[], { changes }: Transaction): readonly number[] {
  const carried: number[] = [];
  let next = 0;
  let shift = 0;
  const keepUntil = (end: number) => {
    for (; next < offsets.length && (offsets[next] as number) < end; next++) {
      carried.push((offsets[next] as number) + shift);
    }
  };
  changes.iterChanges((fromA, toA, fromB, toB, inserted) => {
    keepUntil(fromA);
    while (next < offsets.length && (offsets[next] as number) < toA) next++;
    collect(inserted, fromB, carried);
    shift = toB - toA;
  });
  keepUntil(Number.POSITIVE_INFINITY);
  return carried.length + offsets.length === 0 ? offsets : carried;
}

/** Add the offsets of a text's astral characters to `into`. The text begins at offset `start`. */
function collect(text: Text, start: number, into: number[]): number[] {
  let offset = start;
  for (const piece of text.iter()) {
    if (/[\ud800-\udbff]/.test(piece)) {
      for (let i = 0; i < piece.length; i++) if (isPair(piece, i)) into.push(offset + i);
    }
    offset += piece.length;
  }
  return into;
}

/**
 * Return the lowest index at which a condition holds. Once the condition holds, it must hold for all
 * later indices.
 */
function first(list: readonly unknown[], holds: (index: number) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
