/** The differences of two texts as parts of whole lines, of which a person takes some. */
import { Chunk } from "@codemirror/merge";
import { Text } from "@codemirror/state";

/** A replacement in the text before, and the lines that it is shown as. */
export interface Hunk {
  from: number;
  to: number;
  insert: string;
  before: readonly string[];
  after: readonly string[];
}

const CONFIG = { scanLimit: 1000, timeout: 30 };

export function hunksOf(before: string, after: string): Hunk[] {
  const a = textOf(before);
  const b = textOf(after);
  return Chunk.build(a, b, CONFIG).map(({ fromA, toA, fromB, toB }) => {
    // A chunk ends after its last line's end, which the last line of a text lacks.
    const endA = Math.min(a.length, toA);
    let from = fromA;
    let insert = b.sliceString(fromB, Math.min(b.length, toB));
    const added = toB > b.length && fromB < toB;
    const removed = toA > a.length && fromA < toA;
    if (fromA > a.length) {
      from = a.length;
      insert = `\n${insert}`;
    } else if (added && !removed) insert += "\n";
    else if (removed && !added && insert === "" && from > 0) from--;
    return {
      from,
      to: Math.max(from, endA),
      insert,
      before: linesOf(a, fromA, toA),
      after: linesOf(b, fromB, toB),
    };
  });
}

function linesOf(text: Text, from: number, to: number): string[] {
  if (from >= to) return [];
  return text.sliceString(from, Math.min(text.length, to - 1)).split("\n");
}

function textOf(text: string): Text {
  return Text.of(text.split("\n"));
}

/** The text with some of the hunks in it. */
export function taken(text: string, hunks: readonly Hunk[]): string {
  let result = "";
  let at = 0;
  for (const { from, to, insert } of hunks) {
    result += text.slice(at, from) + insert;
    at = to;
  }
  return result + text.slice(at);
}
