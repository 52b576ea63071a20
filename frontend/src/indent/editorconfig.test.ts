import { describe, expect, test } from "vitest";
import { parse, wantedFor } from "./editorconfig";
import { matches } from "./glob";

/** Cases from the core tests of the EditorConfig project. */
describe.each<[pattern: string, yes: string, no: string]>([
  ["a*e.c", "ace.c ae.c abcde.c", "a/e.c"],
  ["Bar/*", "Bar/foo.txt Bar/.editorconfig", ".editorconfig"],
  ["*", ".editorconfig a/b", ""],
  ["som?.c", "some.c", "som.c something.c som/.c"],
  ["[ab].a", "a.a", "c.a"],
  ["[!ab].b", "c.b", "a.b"],
  ["[d-g].c", "f.c", "h.c"],
  ["[!d-g].d", "h.d", "f.d"],
  ["[abd-g].e", "e.e", "c.e"],
  ["[-ab].f", "-.f", "c.f"],
  ["[\\]ab].g", "].g", "c.g b].g"],
  ["ab[e/]cd.i", "ab[e/]cd.i", "ab/cd.i abecd.i"],
  ["ab[/c", "ab[/c", "ab/c"],
  ["*.{py,js,html}", "test.py test.js test.html", "test.pyc"],
  ["{single}.b", "{single}.b", ".b single.b"],
  ["{}.c", "{}.c", ".c"],
  ["a{b,c,}.d", "a.d ab.d ac.d", "a,.d"],
  ["a{,b,,c,}.e", "a.e ab.e ac.e", "a,.e"],
  ["{.f", "{.f", ".f"],
  ["{word,{also},this}.g", "word.g {also}.g this.g", "word,this}.g {also,this}.g"],
  ["{{a,b},c}.k", "a.k b.k c.k", "{{a,b},c}.k {a,b}.k"],
  ["{a,{b,c}}.l", "a.l b.l c.l", "{a,{b,c}}.l {b,c}.l"],
  ["{},b}.h", "{},b}.h", ""],
  ["{{,b,c{d}.i", "{{,b,c{d}.i", "{.i b.i c{d.i .i"],
  ["{a\\,b,cd}.txt", "a,b.txt cd.txt", "a.txt"],
  ["{e,\\},f}.txt", "e.txt }.txt f.txt", ""],
  ["{g,\\\\,i}.txt", "g.txt \\.txt i.txt", ""],
  [
    "{some,a{*c,b}[ef]}.j",
    "some.j abe.j abf.j ace.j acf.j abce.j abcf.j",
    "abg.j acg.j abcg.j ae.j .j",
  ],
  ["{3..120}", "3 15 60 120", "1 5a 121 060"],
  ["{aardvark..antelope}", "{aardvark..antelope}", "a aardvark agreement antelope"],
  ["a**z.c", "a/z.c amnz.c am/nz.c a/mnz.c amn/z.c a/mn/z.c", ""],
  ["b/**z.c", "b/z.c b/mnz.c b/mn/z.c", "bmnz.c bm/nz.c bmn/z.c"],
  ["c**/z.c", "c/z.c cmn/z.c c/mn/z.c", "cmnz.c cm/nz.c c/mnz.c"],
  ["d/**/z.c", "d/z.c d/mn/z.c", "dmnz.c dm/nz.c d/mnz.c dmn/z.c"],
  ["中文.txt", "中文.txt", ""],
  ["*.py", "a.py src/deep/a.py", "a.pyc"],
  ["/*.py", "a.py", "src/a.py"],
  ["src/*.py", "src/a.py", "a.py x/src/a.py"],
])("[%s]", (pattern, yes, no) => {
  test.each(yes.split(" ").filter(Boolean))("fits %s", (path) => {
    expect(matches(pattern, path)).toBe(true);
  });
  test.each(no.split(" ").filter(Boolean))("does not fit %s", (path) => {
    expect(matches(pattern, path)).toBe(false);
  });
});

test("no pattern takes long", () => {
  const path = `${"a".repeat(1000)}b`;
  for (const pattern of [
    "*a".repeat(150),
    "**a".repeat(100),
    `${"{a,*}".repeat(58)}c`,
    "{".repeat(300),
    `${"}".repeat(150)}${"{".repeat(150)}`,
    "{[}]".repeat(75),
  ]) {
    expect(matches(pattern, path)).toBe(false);
  }
});

const ROOM = parse(`# the whole room
root = true
[*]
indent_style = Space
indent_size=4
trim_trailing_whitespace = true
; of the web
[*.{js,ts}]
indent_size = 2
insert_final_newline = true
[Makefile]
indent_style = tab
[*.c]
indent_style = tab
tab_width = 8
[*.odd]
indent_size = many
indent_style = unset
=nothing
nothing
`);

test.each([
  ["a.py", { tabs: false, width: 4, tabSize: 4, trimTrailingWhitespace: true }],
  [
    "src/a.ts",
    {
      tabs: false,
      width: 2,
      tabSize: 2,
      trimTrailingWhitespace: true,
      insertFinalNewline: true,
    },
  ],
  ["Makefile", { tabs: true, width: 4, tabSize: 4, trimTrailingWhitespace: true }],
  ["a.odd", { trimTrailingWhitespace: true }],
])("of %s it says %o", (path, says) => {
  expect(wantedFor(path, new Map([["", ROOM]]))).toEqual(says);
});

test("the size of a step of tabs is the width of a tab", () => {
  const config = parse("[*]\nindent_style = tab\nindent_size = tab\ntab_width = 8\n");
  expect(wantedFor("a.c", new Map([["", config]]))).toEqual({ tabs: true, width: 8, tabSize: 8 });
});

test("a file further down goes before those above it, up to a root", () => {
  const configs = new Map([
    ["", parse("[*]\nindent_size = 8\ntab_width = 8\n")],
    ["a", parse("[*.py]\nindent_size = 2\n")],
    ["a/b", parse("root = true\n[*]\nindent_style = tab\n")],
  ]);
  expect(wantedFor("x.py", configs).width).toBe(8);
  expect(wantedFor("a/x.py", configs)).toEqual({ width: 2, tabSize: 8 });
  expect(wantedFor("a/x.js", configs).width).toBe(8);
  expect(wantedFor("a/b/x.py", configs)).toEqual({ tabs: true });
});

test("what comes from Windows, or is nothing at all, is read", () => {
  const config = parse("\uFEFF[*]\r\nindent_size = 3\r\n");
  expect(wantedFor("a", new Map([["", config]])).width).toBe(3);
  expect(parse("").sections).toEqual([]);
  expect(parse("]\u0000[\n=\n[").sections).toEqual([]);
});
