// @vitest-environment happy-dom
/**
 * Tests Vim's keys while others edit: the result is the result without others, merged with the others'
 * work.
 */
import { Vim } from "@replit/codemirror-vim";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Typist } from "../../testing/typist";
import { vim } from ".";

let typist: Typist;

function open(text: string): Typist {
  typist = new Typist(text, vim());
  return typist;
}

beforeEach(() => Vim.resetVimGlobalState_());
afterEach(() => typist?.destroy());

test.each([
  ["characters", "one two three", "ggwve", [0, "RRRR "], "d", "RRRR one  three"],
  ["characters, backwards", "one two three", "wevb", [0, "RRRR "], "d", "RRRR one  three"],
  ["text before what is selected", "one two three", "ggwve", [4, "RRRR "], "d", "one RRRR  three"],
  ["text after what is selected", "one two three", "ggwve", [7, "RRRR"], "d", "one RRRR three"],
  ["a part of what is selected", "one two three", "ggwve", [5, "", 2], "d", "one  three"],
  ["characters of two lines", "one\ntwo\nthree", "lvj", [0, "R\nR\n"], "d", "R\nR\noo\nthree"],
  ["a line", "one\ntwo\nthree", "jV", [0, "RRRR\n"], "d", "RRRR\none\nthree"],
  [
    "a line in which another types first",
    "one two three\nfour",
    "ggV",
    [0, "RRRR "],
    "d",
    "RRRR four",
  ],
  ["two lines", "one\ntwo\nthree\nfour", "jVj", [0, "RRRR\n"], "d", "RRRR\none\nfour"],
  ["lines, less one", "one\ntwo\nthree\nfour", "jVj", [4, "", 4], "d", "one\nfour"],
  [
    "a block",
    "one two\none two\none two",
    "w<C-v>jjl",
    [0, "RRRR\n"],
    "d",
    "RRRR\none o\none o\none o",
  ],
  [
    "a block bent in its first line",
    "one two\none two\none two",
    "w<C-v>jjl",
    [0, "RRRR "],
    "d",
    "RRRR one o\none o\none o",
  ],
  [
    "a block bent in between",
    "one two\none two\none two",
    "w<C-v>jjl",
    [8, "RRRR "],
    "d",
    "one o\nRRRR one o\none o",
  ],
  [
    "a block bent in its last line",
    "one two\none two\none two",
    "w<C-v>jjl",
    [16, "RRRR "],
    "d",
    "one o\none o\nRRRR one o",
  ],
  [
    "a bent block, changed",
    "one two\none two\none two",
    "w<C-v>jjl",
    [0, "RRRR "],
    "cX<Esc>",
    "RRRR one Xo\none Xo\none Xo",
  ],
  [
    "a bent block, typed before",
    "one two\none two\none two",
    "w<C-v>jjl",
    [0, "RRRR "],
    "IX<Esc>",
    "RRRR one Xtwo\none Xtwo\none Xtwo",
  ],
  [
    "a bent block, typed after",
    "one two\none two\none two",
    "w<C-v>jjl",
    [8, "RRRR "],
    "AX<Esc>",
    "one twXo\nRRRR one twXo\none twXo",
  ],
  [
    "a bent block, widened",
    "one two\none two\none two",
    "w<C-v>jj",
    [8, "RRRR "],
    "ld",
    "one o\nRRRR one o\none o",
  ],
  [
    "a bent block to the line ends",
    "one two\none twos\none two",
    "w<C-v>jj$",
    [8, "RRRR "],
    "d",
    "one \nRRRR one \none ",
  ],
  [
    "a bent block, replaced",
    "one two\none two\none two",
    "w<C-v>jjl",
    [8, "RRRR "],
    "rX",
    "one XXo\nRRRR one XXo\none XXo",
  ],
] as const)(
  "visual mode holds what it selected: %s",
  (_, text, before, remote, after, expected) => {
    const { type, remote: edit } = bound(open(text));
    type(before);
    edit(...(remote as unknown as [number, string, number?]));
    type(after);
    expect(typist.text).toBe(expected);
  },
);

test("visual mode ends when others delete all that is selected", () => {
  const { type, remote } = bound(open("one two three"));
  type("wve");
  remote(4, "", 3);
  type("x");
  expect(typist.text).toBe("one three");
});

test("the block cursor stays on its character", () => {
  const { type, remote } = bound(open("one two"));
  type("w");
  remote(4, "RRRR ");
  type("x");
  expect(typist.text).toBe("one RRRR wo");
});

test("while inserting, the caret stays left of what others type at it", () => {
  const { type, remote } = bound(open("one two"));
  type("wi");
  remote(4, "RRRR");
  type("ab<Esc>");
  expect(typist.text).toBe("one abRRRRtwo");
});

test("what others type is not repeated by a dot", () => {
  const { type, remote } = bound(open("one\ntwo"));
  type("ggifo");
  remote(typist.text.length, "REMOTE");
  type("o<Esc>j0.");
  expect(typist.text).toBe("fooone\nfootwoREMOTE");
});

test("nor by a count", () => {
  const { type, remote } = bound(open("one\ntwo"));
  type("2ifo");
  remote(0, "REMOTE\n");
  type("o<Esc>");
  expect(typist.text).toBe("REMOTE\nfoofooone\ntwo");
});

test("nor by a macro", () => {
  const { type, remote } = bound(open("one\ntwo\nthree"));
  type("qaAx");
  remote(0, "REMOTE\n");
  type("y<Esc>jq");
  remote(0, "MORE\n");
  type("@a");
  expect(typist.text).toBe("MORE\nREMOTE\nonexy\ntwoxy\nthree");
});

test("nor by the register of what was typed last", () => {
  const { type, remote } = bound(open("one"));
  type("Ax");
  remote(0, "REMOTE");
  type('y<Esc>".p');
  expect(typist.text).toBe("REMOTEonexyxy");
});

test("marks and the last visual selection go along", () => {
  const { type, remote } = bound(open("one\ntwo three\nfour"));
  type("jwmaviw<Esc>gg");
  remote(0, "REMOTE\n");
  remote(11, "RR");
  type("`ax");
  expect(typist.text).toBe("REMOTE\none\nRRtwo hree\nfour");
  type("gvd");
  expect(typist.text).toBe("REMOTE\none\nRRtwo \nfour");
});

test("a mark in text that others delete stays where that was", () => {
  const { type, remote } = bound(open("one two three"));
  type("wmagg");
  remote(3, "", 6);
  type("`ax]`");
  expect(typist.text).toBe("oneree");
});

test("the list of jumps goes along, and is the editor's own", () => {
  const { type, remote } = bound(open("one\ntwo\nthree\nfour"));
  type("jGgg");
  remote(0, "REMOTE\n");
  type("<C-o>x<C-o>x");
  expect(typist.text).toBe("REMOTE\none\nwo\nthree\nour");
  typist.destroy();
  const other = bound(open("another\ntext"));
  other.type("j<C-o>x");
  expect(typist.text).toBe("another\next");
});

test("the last change's place goes along", () => {
  const { type, remote } = bound(open("one\ntwo"));
  type("jAx<Esc>gg0");
  remote(0, "REMOTE\n");
  type("giy<Esc>");
  expect(typist.text).toBe("REMOTE\none\ntwoxy");
});

test("a search goes on from where the caret is now", () => {
  const { type, remote } = bound(open("a x\nb x\nc x"));
  type("/x<CR>");
  remote(0, "x\nx\n");
  type("nrY");
  expect(typist.text).toBe("x\nx\na x\nb Y\nc x");
});

test("a substitution that asks replaces what it shows, to its last line", () => {
  const { type, remote } = bound(open("x one\nx two\nx three\nx four"));
  type(":1,3s/x/yy/gc<CR>");
  type("y");
  remote(0, "REMOTE\nx\n");
  remote(typist.text.indexOf("two"), "RR ");
  type("yny");
  expect(typist.text).toBe("REMOTE\nx\nyy one\nyy RR two\nx three\nx four");
});

function bound(of: Typist) {
  return { type: of.type.bind(of), remote: of.remote.bind(of) };
}
