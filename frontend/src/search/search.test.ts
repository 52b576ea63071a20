import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { astral } from "../editor/astral";
import { linesOf } from "../lines";
import type { Line, Match } from "./api";
import {
  countOf,
  type FoundFile,
  inWords,
  patternsIn,
  rowsOf,
  startsOf,
  withMore,
  without,
} from "./found";
import { placeOf } from "./place";

function match(start: number, more: Partial<Match> = {}): Match {
  const excerpt = { excerpt: "one two", marked: 4, marked_end: 7 };
  return { start, end: start + 3, line: 1, column: 5, replacement: null, ...excerpt, ...more };
}

const A: FoundFile = { id: "a", path: "a.py", matches: [match(4), match(12)] };
const B: FoundFile = { id: "b", path: "b.py", matches: [match(0)] };

const bytes = new TextEncoder().encode(
  '{"type":"begin"}\n{"type":"file","path":"🦦"}\n{"type":"end"}\n',
);

test.each([1, 2, 3, 7, 1000])("lines come whole from pieces of %i bytes", async (size) => {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size)
        controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
  const lines: unknown[] = [];
  for await (const line of linesOf<Line>(stream)) lines.push(line);
  expect(lines).toEqual([{ type: "begin" }, { type: "file", path: "🦦" }, { type: "end" }]);
});

test("a stream that nobody reads any more is ended", async () => {
  let ended = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(bytes),
    cancel: () => {
      ended = true;
    },
  });
  for await (const line of linesOf<Line>(stream)) {
    expect(line.type).toBe("begin");
    break;
  }
  expect(ended).toBe(true);
});

test("a file has a row, and one for each match while it is open", () => {
  const rows = rowsOf([A, B], new Set(["b"]));
  expect(rows.map(({ id, place, siblings }) => [id, place, siblings])).toEqual([
    ["a", 1, 2],
    ["a 4", 1, 2],
    ["a 12", 2, 2],
    ["b", 2, 2],
  ]);
});

test("more matches of a file join those that are there", () => {
  const files = [B, { ...A, matches: [match(1)] }, A].reduce(withMore, [] as readonly FoundFile[]);
  expect(startsOf(files)).toEqual({ b: [0], a: [1, 4, 12] });
  expect(countOf(files)).toBe(4);
});

test("what is left out is gone from the list, and a file with its last match", () => {
  const [file, first, , other] = rowsOf([A, B], new Set());
  if (!file || !first || !other) throw new Error("there are four rows and more");
  expect(startsOf(without([A, B], first))).toEqual({ a: [12], b: [0] });
  expect(startsOf(without([A, B], file))).toEqual({ b: [0] });
  const [, only] = rowsOf([B], new Set());
  expect(only && without([A, B], only)).toEqual([A]);
});

test.each([
  [1, 1, "1 match in 1 file"],
  [10_000, 12, "10,000 matches in 12 files"],
])("%i and %i in words", (matches, files, words) => {
  expect(inWords(matches, files)).toBe(words);
});

test.each([
  ["", []],
  [" *.py , src/** ", ["*.py", "src/**"]],
  ["*.{ts,tsx},a", ["*.{ts,tsx}", "a"]],
])("the patterns in %j", (written, patterns) => {
  expect(patternsIn(written)).toEqual(patterns);
});

test.each([
  ["one two", 4],
  ["🦦\none two", 7],
  ["two two one two", 12],
  ["one 🦦 two", 7],
  ["one", 3],
])("in %j a match that was at 1:5 is selected at %i", (doc, from) => {
  const state = EditorState.create({ doc, extensions: astral });
  const found = placeOf(state, match(4, doc.startsWith("two") ? { column: 12 } : {}));
  expect(found).toEqual({ from, to: doc === "one" ? from : from + 3 });
});
