import { expect, test } from "vitest";
import { loneSurrogate } from "../ot/text";
import { Random } from "../testing/random";
import { type Edit, editsBetween, fewer } from "./edits";

function applied(text: string, edits: Edit[]): string {
  let after = "";
  let at = 0;
  for (const { from, to, insert } of edits) {
    expect(from).toBeGreaterThanOrEqual(at);
    after += text.slice(at, from) + insert;
    at = to;
  }
  return after + text.slice(at);
}

/** Return the number of words of a text that no edit touches. */
function untouched(text: string, edits: Edit[]): number {
  const words = [...text.matchAll(/\w+|[^\s\w]/g)];
  return words.filter(({ 0: word, index }) =>
    edits.every(({ from, to }) => to <= index || from >= index + word.length),
  ).length;
}

/** Return the same number as `untouched`, in linear time for long texts. */
function kept(text: string, edits: Edit[]): number {
  let next = 0;
  return [...text.matchAll(/\w+|[^\s\w]/g)].filter(({ 0: word, index }) => {
    while (next < edits.length && (edits[next] as Edit).to <= index) next++;
    return (edits[next]?.from ?? text.length) >= index + word.length;
  }).length;
}

/** Return the length of a longest common subsequence, computed with the textbook table. */
function longestCommon(a: string[], b: string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const word of a) {
    const next = [0];
    for (let j = 0; j < b.length; j++) {
      const longer = Math.max(row[j + 1] as number, next[j] as number);
      next.push(word === b[j] ? (row[j] as number) + 1 : longer);
    }
    row = next;
  }
  return row.at(-1) as number;
}

test.each(Array.from({ length: 200 }, (_, seed) => seed))(
  "random texts meet, and as many words as possible are left alone (seed %i)",
  (seed) => {
    const random = new Random(seed);
    const words = ["a", "bc", "(", ")", "def", ";", " ", "\n", "    "];
    const text = () => Array.from({ length: random.below(60) }, () => random.pick(words)).join(" ");
    const [before, after] = [text(), text()];
    const edits = editsBetween(before, after);
    expect(applied(before, edits)).toBe(after);
    const split = (text: string) => text.match(/\w+|[^\s\w]/g) ?? [];
    const most = longestCommon(split(before), split(after));
    expect(untouched(before, edits)).toBeGreaterThanOrEqual(most);
  },
);

test.each(Array.from({ length: 200 }, (_, seed) => seed))(
  "texts of any characters meet, and no character is cut in two (seed %i)",
  (seed) => {
    const random = new Random(seed);
    const before = random.text(40) + random.pick(["'", '"', "😀", "😃"]) + random.text(20);
    const after = random.text(40) + random.pick(["'", '"', "😀", "😃"]) + random.text(20);
    const edits = editsBetween(before, after);
    expect(applied(before, edits)).toBe(after);
    for (const { insert } of edits) expect(loneSurrogate(insert)).toBeNull();
    const emptied = edits.map((edit) => ({ ...edit, insert: "" }));
    expect(loneSurrogate(applied(before, emptied))).toBeNull();
  },
);

test("an exchanged quote is all that is replaced", () => {
  expect(editsBetween("say( 'it' )", 'say("it")')).toEqual([
    { from: 4, to: 6, insert: '"' },
    { from: 8, to: 10, insert: '"' },
  ]);
});

test("a caret stays in its word when lines are indented and joined", () => {
  const before = "if x:\n  call(one,\n   two)\n";
  const after = "if x:\n    call(one, two)\n";
  const edits = editsBetween(before, after);
  expect(untouched(before, edits)).toBe(9);
});

test.each(Array.from({ length: 200 }, (_, seed) => seed))(
  "texts that differ by very many words are compared piece by piece, and meet (seed %i)",
  (seed) => {
    const random = new Random(seed);
    const words = ["a", "bc", "(", ")", "def", ";"];
    const text = () => Array.from({ length: random.below(80) }, () => random.pick(words)).join(" ");
    const [before, after] = [text(), text()];
    expect(applied(before, editsBetween(before, after, 1 + random.below(5)))).toBe(after);
  },
);

test("texts that have nothing in common are replaced", () => {
  const words = (name: string) => Array.from({ length: 300 }, (_, n) => `${name}${n}`).join("\n");
  expect(editsBetween(words("a"), words("b"), 20)).toHaveLength(1);
});

test("of a long file in which every line differs by some words, nearly all words are left alone", () => {
  const lines = (line: (n: number) => string) => Array.from({ length: 6000 }, (_, n) => line(n));
  const before = lines((n) => `a={'k':${n},"l":m}`).join("\n");
  const after = lines((n) => `a = { k: ${n}, l: m };\n`).join("");
  const edits = editsBetween(before, after);
  expect(applied(before, edits)).toBe(after);
  const most = 11 * 6000; // a = { k : n , l : m }
  expect(kept(before, edits)).toBeGreaterThan(0.99 * most);
});

test.each(Array.from({ length: 50 }, (_, seed) => seed))(
  "fewer edits lead to the same text (seed %i)",
  (seed) => {
    const random = new Random(seed);
    const before = random.text(400);
    const after = random.text(400);
    const edits = editsBetween(before, after);
    const most = 1 + random.below(20);
    const joined = fewer(edits, before, most);
    expect(joined.length).toBeLessThanOrEqual(most);
    expect(applied(before, joined)).toBe(applied(before, edits));
  },
);

test("edits with the least text between them are joined first", () => {
  const edits = [0, 2, 50, 53, 90].map((from) => ({ from, to: from + 1, insert: "x" }));
  const joined = fewer(edits, "-".repeat(100), 3);
  expect(joined.map(({ from, to }) => [from, to])).toEqual([
    [0, 3],
    [50, 54],
    [90, 91],
  ]);
});
