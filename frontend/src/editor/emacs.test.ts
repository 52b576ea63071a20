// @vitest-environment happy-dom
/** Tests Emacs' keys while others edit. `FUZZ_SEEDS=1000-3000 npx vitest run emacs` runs other seeds. */
import { EmacsHandler } from "@replit/codemirror-emacs";
import { afterEach, expect, test } from "vitest";
import { expectMerged, seeds } from "../testing/merged";
import { Random } from "../testing/random";
import { Typist } from "../testing/typist";
import { emacs } from "./emacs";

let typist: Typist;

function open(text: string): Typist {
  // The kill ring belongs to the page and holds 30 entries, so fill it.
  const nowhere = { getCopyText: () => "kill", clearSelection: () => {} };
  for (let times = 0; times < 30; times++) EmacsHandler.commands.killRingSave.exec(nowhere);
  typist = new Typist(text, emacs());
  return typist;
}

afterEach(() => typist?.destroy());

test.each([
  ["before it", [0, "RRRR "], "RRRR one  three"],
  ["at its start", [4, "RRRR "], "one RRRR  three"],
  ["at its caret", [7, "RRRR"], "one RRRR three"],
  ["behind it", [9, "RRRR "], "one  tRRRR hree"],
] as const)("a region goes on when others edit %s", (_, [at, inserted], expected) => {
  open("one two three");
  typist.type("<M-f><C-f><C-Space><C-f><C-f>");
  typist.remote(at, inserted);
  typist.type("<C-f><C-w>");
  expect(typist.text).toBe(expected);
});

test("a mark where nothing is selected yet takes nothing of what others insert there", () => {
  open("one two");
  typist.type("<C-f><C-f><C-f><C-Space>");
  typist.remote(3, "RRRR");
  typist.type("<C-b><C-w>");
  expect(typist.text).toBe("onRRRR two");
});

test("an own edit ends the region", () => {
  open("one two");
  typist.type("<C-Space>x<C-f><C-f><C-w>");
  expect(typist.text).toBe("xone two");
});

test("the ring of marks goes along", () => {
  open("one two three");
  typist.type("<M-f><C-Space><C-g><C-e>");
  typist.remote(0, "REMOTE ");
  typist.type("<C-u><C-Space>x");
  expect(typist.text).toBe("REMOTE onex two three");
});

test("lines killed with others' edits between them are yanked as one", () => {
  open("one\ntwo\nthree");
  typist.type("<C-k><C-k>");
  typist.remote(4, "REMOTE ");
  typist.type("<C-k><C-y>");
  expect(typist.text).toBe("one\ntwo\nREMOTE three");
});

const MOVES = "C-f C-b M-f M-b C-n C-p C-a C-e Right Left Up Down"
  .replaceAll(/\b(Right|Left|Up|Down)\b/g, "Arrow$1")
  .split(" ")
  .map((key) => `<${key}>`);
const EDITS = [
  "<C-k>",
  "<C-d>",
  "<BS>",
  "<M-d>",
  "<C-o>",
  "<C-t>",
  "<M-u>",
  "<M-l>",
  "<C-y>",
  "<M-y>",
  "<C-/>",
  "<C-z>",
];
const MARKS = [
  "<C-Space>",
  "<C-Space>",
  "<C-u><C-Space>",
  "<C-x><C-x>",
  "<C-g>",
  "<C-w>",
  "<M-w>",
  "<M-h>",
];
const TYPED = ["x", "foo ", "\n", "(a"];

test.each(seeds(80))("keys between lines that others edit, seed %i", (seed) => {
  const random = new Random(seed);
  const lines = (name: string) => Array.from({ length: 12 }, () => `${name} ${name}\n`).join("");
  const own = "one two three\n\n  two three one\ntwo 12 (three)\none\n".repeat(2);
  const parts = { before: lines("above"), own, after: lines("below") };
  expectMerged(random, open, parts, someKeys(random, [MOVES, MOVES, EDITS, MARKS, TYPED]));
});

test.each(seeds(80))("keys in a line that others edit left and right of them, seed %i", (seed) => {
  const random = new Random(seed);
  const own = "one two three four five six";
  const parts = { before: "left ".repeat(8), own, after: " right".repeat(8) };
  const inline = [
    "<C-f>",
    "<C-b>",
    "<M-f>",
    "<M-b>",
    "<C-d>",
    "<BS>",
    "<M-d>",
    "<C-t>",
    "<C-y>",
    "<C-/>",
  ];
  expectMerged(random, open, parts, someKeys(random, [inline, MARKS.slice(0, 7), ["x"]]));
});

function someKeys(random: Random, kinds: readonly (readonly string[])[]): string[] {
  return Array.from({ length: 40 }, () => Typist.keysOf(random.pick(random.pick(kinds)))).flat();
}
