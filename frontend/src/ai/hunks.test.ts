import { expect, test } from "vitest";
import { hunksOf, taken } from "./hunks";

const TEXTS = [
  "",
  "a",
  "a\n",
  "\n",
  "a\nb",
  "a\nb\n",
  "b\na\nc\n",
  "a\nx\nc",
  "a\nx\ny\nc\n",
  "\n\na",
];

test("all hunks make the text after, none the text before", () => {
  for (const before of TEXTS) {
    for (const after of TEXTS) {
      const hunks = hunksOf(before, after);
      expect(taken(before, hunks), JSON.stringify([before, after])).toBe(after);
      expect(taken(before, [])).toBe(before);
    }
  }
});

test("hunks are taken one by one", () => {
  const hunks = hunksOf("a\nb\nc\nd\ne\n", "A\nb\nc\nd\nE\n");
  expect(hunks.map(({ before, after }) => [before, after])).toEqual([
    [["a"], ["A"]],
    [["e"], ["E"]],
  ]);
  expect(taken("a\nb\nc\nd\ne\n", hunks.slice(1))).toBe("a\nb\nc\nd\nE\n");
});
