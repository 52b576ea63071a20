import { toggleComment } from "@codemirror/commands";
import { ensureSyntaxTree, getIndentation, indentUnit } from "@codemirror/language";
import { languages } from "@codemirror/language-data";
import { EditorState } from "@codemirror/state";
import { classHighlighter, highlightTree } from "@lezer/highlight";
import { describe, expect, test } from "vitest";
import { ENDINGS, languageOf } from "../room/languages";
import { ALL, DESCRIPTIONS, languageCalled } from "./grammars";
import { loadLanguage } from "./languages";

async function stateIn(language: string, doc: string): Promise<EditorState> {
  const extensions = [await loadLanguage(language), indentUnit.of("  ")];
  return EditorState.create({ doc, extensions });
}

/** Return the pieces of a text that have a colour. */
async function coloured(language: string, doc: string): Promise<string[]> {
  const state = await stateIn(language, doc);
  const tree = ensureSyntaxTree(state, doc.length, 60_000);
  const pieces: string[] = [];
  if (tree) {
    highlightTree(tree, classHighlighter, (from, to, names) =>
      pieces.push(`${doc.slice(from, to)}=${names.replaceAll("tok-", "")}`),
    );
  }
  return pieces;
}

test("every language of the library can be chosen, and every one that a name gives is there", () => {
  expect(DESCRIPTIONS.size).toBe(languages.length);
  expect(ALL.length).toBeGreaterThan(140);
  const own = ["text", "jsonc", "svelte", "batch", "graphql", "hcl", "makefile"];
  expect(ALL.filter((id) => !DESCRIPTIONS.has(id)).sort()).toEqual(own.sort());
});

test("every ending that the library knows is known here", () => {
  // Endings that have another meaning for most people, or none.
  const others = ["BUILD", "in", "cmake.in", ...Array.from({ length: 9 }, (_, n) => `${n + 1}`)];
  const missing = languages
    .flatMap(({ extensions }) => extensions)
    .filter((ending) => !others.includes(ending) && languageOf(`x.${ending}`) === "text");
  expect(missing).toEqual(["text"]);
});

describe("each grammar can be loaded", () => {
  test.each(ALL)("%s", async (language) => {
    const state = await stateIn(language, "x y\n");
    expect(state.doc.lines).toBe(2);
    const none = [
      ...["text", "json", "json-ld", "diff", "mbox", "spreadsheet", "textile", "tiki-wiki"],
      ...["pgp", "brainfuck", "http", "rpm-changes", "solr"],
    ];
    const [comments] = state.languageDataAt<{ line?: string; block?: object }>("commentTokens", 0);
    const has = Boolean(comments?.line ?? comments?.block);
    if (!none.includes(language)) expect(has, "has a comment sign").toBe(true);
    expect(toggleComment({ state, dispatch: () => {} })).toBe(!none.includes(language));
  });
});

test.each([
  ["vue", "words\n", "<!-- words -->\n"],
  ["vue", "<script>\nf()\n</script>\n", "// f()"],
  ["angular", "words\n", "<!-- words -->\n"],
])("a comment in %s has the signs of its place: %j", async (language, text, commented) => {
  let state = await stateIn(language, text);
  ensureSyntaxTree(state, text.length, 60_000);
  const at = Math.max(0, text.indexOf("f()"));
  state = state.update({ selection: { anchor: at } }).state;
  toggleComment({
    state,
    dispatch: (transaction) => {
      state = transaction.state;
    },
  });
  expect(state.doc.toString()).toContain(commented);
});

test.each([
  ["makefile", '# all\nall: $(OBJ) x.o\n\t@echo "hi"\n', ["# all=comment", "$(OBJ)=variableName2"]],
  [
    "hcl",
    'resource "a" "b" {\n  count = 2 # two\n}\n',
    ["resource=keyword", "2=number", "# two=comment"],
  ],
  ["graphql", "type A { b: Int! } # c", ["type=keyword", "A=typeName", "# c=comment"]],
  [
    "batch",
    "@echo off\nREM a\nset X=%PATH%\n",
    ["REM a=comment", "set=keyword", "%PATH%=variableName2"],
  ],
  ["jsonc", '{"a": [1, true] /* b */}', ["1=number", "true=bool", "/* b */=comment"]],
  ["rust", "fn main() {} // x", ["fn=keyword", "// x=comment"]],
  ["markdown", "# a\n\n```text\nb $c$\n```\n", [" a=heading", "text=labelName"]],
  ["svelte", "<p class='a'>b</p>", ["p=typeName", "class=propertyName"]],
])("%s has its colours", async (language, text, pieces) => {
  expect(await coloured(language, text)).toEqual(expect.arrayContaining(pieces));
});

test.each([
  ["hcl", "a {\n", 2],
  ["graphql", "type A {\n", 2],
  ["rust", "fn main() {\n", 2],
  ["jsonc", "{\n", 2],
])("%s goes one step in after an opening bracket", async (language, text, columns) => {
  const state = await stateIn(language, text);
  ensureSyntaxTree(state, text.length, 60_000);
  expect(getIndentation(state, text.length)).toBe(columns);
});

test.each([
  ["text", null],
  ["plaintext", null],
  ["", null],
  ["nobody-knows-it", null],
  ["py", "python"],
  ["Python {.numberLines}", "python"],
  ["js", "javascript"],
  ["c++", "cpp"],
  ["sh", "shell"],
  ["console", null],
  ["jsonc", "jsonc"],
  ["yml", "yaml"],
  ["rust,ignore", "rust"],
])("a fence of %j is in %j", (words, language) => expect(languageCalled(words)).toBe(language));

test("all languages of the table of names have a grammar", () => {
  expect([...ENDINGS.keys()].filter((id) => !ALL.includes(id))).toEqual([]);
});
