// @vitest-environment happy-dom
import { python } from "@codemirror/lang-python";
import { codeFolding, foldedRanges, syntaxTreeAvailable } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { expect, test } from "vitest";
import { foldBlock, foldEverything } from "./whenParsed";

const LINES = 5_000;
const DOC = `def f():\n${"    x = [1, (2, 3)]\n".repeat(LINES)}y = 2\n`;

test.each([
  ["a block", foldBlock],
  ["everything", foldEverything],
])("%s folds whose end is not parsed yet", async (_, fold) => {
  const state = EditorState.create({ doc: DOC, extensions: [python(), codeFolding()] });
  const view = new EditorView({ state });
  expect(syntaxTreeAvailable(view.state)).toBe(false);
  expect(fold(view)).toBe(true);
  await expect.poll(() => foldedRanges(view.state).size, { timeout: 20_000 }).toBe(1);
  const cursor = foldedRanges(view.state).iter();
  expect([cursor.from, cursor.to]).toEqual(["def f():".length, DOC.length - "\ny = 2\n".length]);
});

test("where nothing is to be folded, nothing is", () => {
  const view = new EditorView({ state: EditorState.create({ doc: "x", extensions: python() }) });
  expect(foldBlock(view)).toBe(false);
  view.setState(EditorState.create({ doc: "no language" }));
  expect(foldBlock(view)).toBe(false);
});
