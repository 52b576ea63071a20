// @vitest-environment happy-dom
import { EditorView } from "@codemirror/view";
import { expect, test } from "vitest";
import type { Language } from "../link/protocol";
import { type Asked, format as formatBy } from "./format";
import { withPlace } from "./formatters";
import { formattingEdits, MOST_FORMATTED } from "./formattingEdits";

/** Formats in this thread, because tests have no worker. */
const format = (view: EditorView, language: Language, width: number) =>
  formatBy(view, language, { tabs: false, width, tabSize: width }, {}, (asked) =>
    formattingEdits(asked.text, asked.language, asked.indent),
  );

function editor(doc: string) {
  let changed = 0;
  const counting = EditorView.updateListener.of(({ changes }) => {
    changes.iterChangedRanges((fromA, toA) => {
      changed += toA - fromA;
    });
  });
  const view = new EditorView({ doc, extensions: counting });
  return {
    view,
    text: () => view.state.doc.toString(),
    /** The number of characters that were replaced or deleted. */
    changed: () => changed,
    type: (insert: string) => view.dispatch({ changes: { from: 0, insert } }),
  };
}

test("JavaScript is laid out anew and only what differs is touched", async () => {
  const it = editor('const a   = [1,2];\nconsole.log( "🪐" );\n');
  expect(await format(it.view, "javascript", 2)).toBeNull();
  expect(it.text()).toBe('const a = [1, 2];\nconsole.log("🪐");\n');
  expect(it.changed()).toBeLessThan(6);
});

test("TypeScript is read as such, with the person's tab width", async () => {
  const it = editor("function f(x:number):void{return g<string>(x)}");
  expect(await format(it.view, "typescript", 8)).toBeNull();
  expect(it.text()).toBe("function f(x: number): void {\n        return g<string>(x);\n}\n");
});

test("what cannot be read is said and left alone", async () => {
  const it = editor("const = 3");
  expect(await format(it.view, "javascript", 2)).toMatch(/^The file could not be formatted: .*1:7/);
  expect(it.text()).toBe("const = 3");
});

test("what is too large is said and left alone", async () => {
  const text = "a  =  1;\n".repeat(MOST_FORMATTED / 9 + 1);
  const it = editor(text);
  expect(await format(it.view, "javascript", 2)).toBe(
    "The file is too large to be formatted: 500,000 characters are the most.",
  );
  expect(it.text()).toBe(text);
});

test("a script without any layout is laid out, however many edits that takes", async () => {
  const script = Array.from({ length: 1500 }, (_, n) => `function f${n}(a,b){return[a,'x${n}',b]}`);
  const it = editor(script.join(""));
  expect(await format(it.view, "javascript", 2)).toBeNull();
  expect(it.text()).toContain('function f1499(a, b) {\n  return [a, "x1499", b];\n}\n');
}, 60_000);

test("what is typed meanwhile is kept", async () => {
  const it = editor("a  =  1");
  const formatting = format(it.view, "javascript", 2);
  it.type("b; ");
  expect(await formatting).toBeNull();
  expect(it.text()).toBe("b;\na = 1;\n");
});

test("a place in bytes is said in lines and characters", () => {
  const text = 'x = "🪐"\n"é", def = 3\n';
  expect(withPlace("Expected an expression at byte range 17..20", text)).toBe(
    "Expected an expression (2:6)",
  );
  expect(withPlace("Unreadable", text)).toBe("Unreadable");
});

test("lines and the text end as the room wants it, also where nothing formats the language", async () => {
  const ends = { trimTrailingWhitespace: true, insertFinalNewline: true };
  const it = editor("# a  \n\t\nb");
  const indent = { tabs: false, width: 2, tabSize: 2 };
  const asking = (asked: Asked) =>
    formattingEdits(asked.text, asked.language, asked.indent, asked.ends);
  expect(await formatBy(it.view, "markdown", indent, ends, asking)).toBeNull();
  expect(it.text()).toBe("# a\n\nb\n");
});

test.each([
  ["javascript", "if (a) {\nb()\n}", "if (a) {\n\tb();\n}\n"],
  ["tsx", "const a = <b>\n<c/></b>", "const a = (\n\t<b>\n\t\t<c />\n\t</b>\n);\n"],
])("%s is indented by tabs where the room has those", async (language, before, after) => {
  const it = editor(before);
  const indent = { tabs: true, width: 4, tabSize: 4 };
  const asking = (asked: Asked) => formattingEdits(asked.text, asked.language, asked.indent);
  expect(await formatBy(it.view, language, indent, {}, asking)).toBeNull();
  expect(it.text()).toBe(after);
});
