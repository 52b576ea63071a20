import { expect, test } from "vitest";
import { type Block, blocksOf, type Inline, inlineOf, plainOf } from "./markdown";

/** A short form of what was read. */
function short(word: Inline): unknown {
  if (typeof word === "string") return word;
  if (word.kind === "code") return `\`${word.text}\``;
  if (word.kind === "link") return [word.href, word.text];
  return { [word.kind]: word.words.map(short) };
}

test.each<[string, unknown[]]>([
  ["plain", ["plain"]],
  ["a **b** c", ["a ", { strong: ["b"] }, " c"]],
  ["a *b* _c_", ["a ", { em: ["b"] }, " ", { em: ["c"] }]],
  ["**a *b* c**", [{ strong: ["a ", { em: ["b"] }, " c"] }]],
  ["~~gone~~", [{ del: ["gone"] }]],
  ["`a*b*` x", ["`a*b*`", " x"]],
  ["``a`b``", ["`a`b`"]],
  ["2 * 3 * 4", ["2 * 3 * 4"]],
  ["snake_case_name", ["snake_case_name"]],
  ["__init__ is", [{ strong: ["init"] }, " is"]],
  ["\\*not\\*", ["*not*"]],
  ["**open", ["**open"]],
  ["see https://a.b/c.", ["see ", ["https://a.b/c", "https://a.b/c"], "."]],
  ["(https://a.b/c)", ["(", ["https://a.b/c", "https://a.b/c"], ")"]],
  ["[words](https://a.b/)", [["https://a.b/", "words"]]],
])("%j", (text, expected) => {
  expect(inlineOf(text).map(short)).toEqual(expected);
});

test.each([
  "[x](javascript:alert(1))",
  "[x](data:text/html,<script>)",
  "[x](vbscript:x)",
  "[x](/rooms)",
  "[x](//evil.example)",
  "[x](https://user:secret@evil.example/)",
  "javascript:alert(1)",
  "<script>alert(1)</script>",
  '<img src=x onerror="alert(1)">',
  "<svg onload=alert(1)>",
  "![picture](ftp://evil.example/a.png)",
])("%s is only words", (text) => {
  const all = JSON.stringify(blocksOf(text));
  expect(all).not.toContain('"link"');
  expect(blocksOf(text)).toEqual([{ kind: "p", words: [expect.any(String)] }]);
});

test("a picture elsewhere is no more than a link", () => {
  expect(inlineOf("![x](https://evil.example/a.png)").map(short)).toEqual([
    "!",
    ["https://evil.example/a.png", "x"],
  ]);
});

test("paragraphs, lists, quotes and code", () => {
  const text = "one\ntwo\n\n- a\n- b\n1. c\n> q\n> r\n```PY\nx = **1**\n```\nend";
  expect(blocksOf(text)).toEqual<Block[]>([
    { kind: "p", words: ["one\ntwo"] },
    { kind: "list", ordered: false, items: [["a"], ["b"]] },
    { kind: "list", ordered: true, items: [["c"]] },
    { kind: "quote", words: ["q\nr"] },
    { kind: "pre", language: "py", text: "x = **1**" },
    { kind: "p", words: ["end"] },
  ]);
});

test("code that is not closed goes to the end", () => {
  expect(blocksOf("```\na\n\nb")).toEqual([{ kind: "pre", language: "", text: "a\n\nb" }]);
});

test.each([
  "*",
  "_",
  "**a",
  "*a ",
  "`",
  "[",
  "[a](",
  "https://",
  "> ",
  "- ",
  "~~",
  "\\",
  "*a*_b_",
  "``` ",
])("a message of %j alone is read at once", (piece) => {
  const text = piece.repeat(4000 / piece.length);
  const began = performance.now();
  blocksOf(text);
  // It takes some ms; a reader that tries all ways would take minutes.
  expect(performance.now() - began).toBeLessThan(1000);
});

test("what a text says has none of the marks", () => {
  const text = "**a *b* k** `c*d*`\n\n- [e](https://f.g/)\n- h\n\n> i\n```py\nj\n```";
  expect(plainOf(text)).toBe("a b k c*d*\ne\nh\ni\nj");
});
