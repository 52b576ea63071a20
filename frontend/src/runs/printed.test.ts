import { expect, test } from "vitest";
import type { Part } from "./messages";
import { Printed, runsWithin, slices } from "./printed";

/** The text after each list of parts, and its runs at last. */
function shown(...batches: Part[][]): { text: string; runs: [string, string][] } {
  const printed = new Printed();
  let text = "";
  for (const parts of batches) {
    const { from, insert } = printed.add(parts);
    text = text.slice(0, from) + insert;
    expect(printed.length).toBe(text.length);
  }
  const runs = printed.runs.map(({ from, to, style }): [string, string] => [
    text.slice(from, to),
    style.author || style.colour || style.classes,
  ]);
  return { text, runs };
}

test("pieces follow one another, and each stream keeps its style", () => {
  const { text, runs } = shown(
    [[1, "name? "]],
    [[0, "Bo\n", "Bö"]],
    [
      [1, "hi\n"],
      [2, "no\n"],
    ],
  );
  expect(text).toBe("name? Bo\nhi\nno\n");
  expect(runs).toEqual([
    ["Bo\n", "Bö"],
    ["no\n", "errors"],
  ]);
});

test.each([
  ["a\r\nb", "a\nb"],
  ["10 %\r20 %\r30 %\ndone", "30 %\ndone"],
  ["x\n10 %\r5", "x\n5"],
  ["end\r", "end"],
  ["a\x07b\x08\x00c", "abc"],
])("%j is shown as %j, in one piece and letter by letter", (printed, expected) => {
  expect(shown([[1, printed]]).text).toBe(expected);
  expect(shown(...[...printed].map((letter): Part[] => [[1, letter]])).text).toBe(expected);
});

test("a line that is written anew loses its styles", () => {
  const { text, runs } = shown(
    [
      [1, "a\n"],
      [2, "bad"],
    ],
    [[1, "\rgood"]],
  );
  expect(text).toBe("a\ngood");
  expect(runs).toEqual([]);
});

test("a style that begins before the line stays before it", () => {
  const { text, runs } = shown([[2, "one\ntwo\rthree"]]);
  expect(text).toBe("one\nthree");
  expect(runs).toEqual([["one\nthree", "errors"]]);
});

test("a hundred thousand progress lines take no time", () => {
  const began = performance.now();
  const printed = new Printed();
  printed.add([[1, "line\n".repeat(100_000) + "\r50 %".repeat(100_000)]]);
  expect(performance.now() - began).toBeLessThan(5000);
  expect(printed.length).toBe(500_004);
});

test("the runs that touch a stretch", () => {
  const style = { classes: "errors", colour: null, author: "", picture: "" };
  const runs = [0, 10, 20, 30].map((from) => ({ from, to: from + 5, style }));
  const found = (from: number, to: number) => runsWithin(runs, from, to).map(({ from }) => from);
  expect(found(5, 10)).toEqual([]);
  expect(found(4, 11)).toEqual([0, 10]);
  expect(found(12, 13)).toEqual([10]);
  expect(found(34, 99)).toEqual([30]);
});

test("slices have all of the text, and cut no character in half", () => {
  const parts: Part[] = [
    [1, "ab🦦cd"],
    [0, "ef", "Bo"],
  ];
  const cut = [...slices(parts, 3)];
  expect(cut).toEqual([
    [[1, "ab🦦", ""]],
    [
      [1, "cd", ""],
      [0, "e", "Bo"],
    ],
    [[0, "f", "Bo"]],
  ]);
});

test("a picture has a line of its own, and results of tests have none", () => {
  const printed = new Printed();
  const parts: Part[] = [
    [1, "before"],
    [3, "out/plot.png", "image/png"],
    [4, '{"name": "test_x"}'],
    [1, "after"],
  ];
  expect(printed.add([...slices(parts, 3)].flat()).insert).toBe("before\n[out/plot.png]\nafter");
  expect(printed.runs.map(({ from, to, style }) => [from, to, style.picture])).toEqual([
    [7, 21, "out/plot.png"],
  ]);
});
