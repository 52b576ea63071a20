import { expect, test } from "vitest";
import type { Part } from "./messages";
import { Output } from "./output";
import { failuresIn, resultsOf, timeWords } from "./testing";

function printed(...chunks: Part[][]): Output {
  const output = new Output(1, async () => []);
  for (const [at, parts] of chunks.entries()) output.add(at + 1, parts);
  return output;
}

const result = (name: string, outcome: string): Part => [4, JSON.stringify({ name, outcome })];

test("results that failed come first, and otherwise in the order in which they came", () => {
  const parts: Part[] = [
    [1, "collected 4 items"],
    result("a", "passed"),
    result("b", "failed"),
    result("c", "skipped"),
    result("d", "passed"),
    result("e", "error"),
  ];
  expect(resultsOf(printed(parts)).map(({ name }) => name)).toEqual(["e", "b", "a", "d", "c"]);
});

test.each(["", "no JSON", "null", "[]", '{"name": 1, "outcome": "passed"}', '{"name": "x"}'])(
  "%j is no result",
  (text) => {
    expect(resultsOf(printed([[4, text]]))).toEqual([]);
  },
);

test("an outcome that nobody knows is no result", () => {
  expect(resultsOf(printed([result("x", "constructor")]))).toEqual([]);
});

test("results are read as they come", () => {
  const output = printed([result("a", "passed")]);
  expect(resultsOf(output)).toHaveLength(1);
  output.add(2, [result("b", "failed")]);
  expect(resultsOf(output).map(({ name }) => name)).toEqual(["b", "a"]);
  expect(resultsOf(output)).toHaveLength(2);
});

const FAILED = { outcome: "failed" } as const;
const PYTEST =
  "test_it.py:4: in test_bad\n    assert half(0) == 1\nlib/it.py:2: in half\nE   Error: no";
const NODE =
  "AssertionError: 1 !== 2\n    at check (file:///room/lib/it.js:9:3)\n    at x (/room/it.test.js:5:10)";

test("a failed test is marked where it failed in its own file, or where it begins", () => {
  const has = (path: string) =>
    ["test_it.py", "lib/it.py", "it.test.js", "lib/it.js"].includes(path);
  const places = failuresIn(
    [
      { ...FAILED, name: "test_bad", path: "test_it.py", line: 3, message: PYTEST },
      { ...FAILED, name: "again", path: "test_it.py", line: 3, message: PYTEST },
      { ...FAILED, name: "x", path: "it.test.js", line: 4, message: NODE },
      { ...FAILED, name: "bare", path: "test_it.py", line: 9 },
      { ...FAILED, name: "elsewhere", path: "../test_it.py", line: 9 },
      { name: "good", outcome: "passed", path: "test_it.py", line: 20 },
    ],
    has,
  );
  expect(places.map(({ path, line, message }) => [path, line, message])).toEqual([
    ["test_it.py", 4, "test_bad: Error: no"],
    ["it.test.js", 5, "x: AssertionError: 1 !== 2"],
    ["test_it.py", 9, "bare: failed"],
  ]);
});

test("times", () => {
  expect([0, 12.4, 999, 1240].map(timeWords)).toEqual(["0 ms", "12 ms", "999 ms", "1.24 s"]);
});
