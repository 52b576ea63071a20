import { expect, test } from "vitest";
import { Ansi } from "./ansi";

const words = (...texts: string[]) => {
  const ansi = new Ansi();
  return texts
    .flatMap((text) => ansi.read(text))
    .map(({ text, classes, colour }) => [text, colour ?? classes]);
};

test("a text without colours is itself", () => {
  expect(words("hello\nyou")).toEqual([["hello\nyou", ""]]);
});

test.each([
  [
    "\x1b[31mred\x1b[0m plain",
    [
      ["red", "ansi-1"],
      [" plain", ""],
    ],
  ],
  [
    "\x1b[1;32mbold\x1b[22mnot",
    [
      ["bold", "ansi-bold ansi-2"],
      ["not", "ansi-2"],
    ],
  ],
  ["\x1b[94mbright\x1b[39m", [["bright", "ansi-4"]]],
  ["\x1b[38;5;196mred", [["red", "rgb(255 0 0)"]]],
  ["\x1b[38;5;244mgrey", [["grey", "rgb(128 128 128)"]]],
  ["\x1b[38;2;1;2;3mexact", [["exact", "rgb(1 2 3)"]]],
  ["\x1b[48;5;1mbehind", [["behind", ""]]],
  ["\x1b[2J\x1b[1;1Hgone\x1b]0;title\x07", [["gone", ""]]],
])("%j", (text, expected) => {
  expect(words(text)).toEqual(expected);
});

test("a sequence that is cut in two is whole again", () => {
  expect(words("a\x1b", "[3", "1mred")).toEqual([
    ["a", ""],
    ["red", "ansi-1"],
  ]);
});
