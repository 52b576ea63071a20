/** Converts between Vim's places in a text (lines and columns, both from 0) and offsets in UTF-16 units. */
import type { Text } from "@codemirror/state";

export interface Place {
  line: number;
  ch: number;
}

export function placeAt(doc: Text, offset: number): Place {
  const line = doc.lineAt(offset);
  return { line: line.number - 1, ch: offset - line.from };
}

/** Return the offset of a place, or of the nearest one that exists. */
export function offsetOf(doc: Text, { line, ch }: Place): number {
  if (line < 0) return 0;
  if (line >= doc.lines) return doc.length;
  const { from, to } = doc.line(line + 1);
  return Math.min(from + Math.max(0, ch), to);
}
