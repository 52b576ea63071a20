// @vitest-environment happy-dom
import { history, indentLess, indentMore, redo, toggleComment, undo } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Operation } from "../ot";
import { inBulk } from "./bulk";
import { collab, remoteEdit } from "./collab";
import { countOf } from "./eachChange";
import type { Edit } from "./edits";
import { makeEdits } from "./jobs";
import { limit } from "./limit";
import { lineByLine, toggleComments } from "./manyLines";

beforeEach(async () => {
  // The code for very many lines is loaded on first use, so load it beforehand.
  await Promise.all([import("./jobs"), import("./comment")]);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const NUMBER = 4_500;
const LINES = Array.from({ length: NUMBER }, (_, n) =>
  n % 9 ? `${" ".repeat(n % 5)}line ${n}` : "",
);
const TEXT = LINES.join("\n");
/** For commands, which change 500 lines of a turn. */
const SHORTER = LINES.slice(0, 1_300).join("\n");
const SIGNED = TEXT.replace(/^/gm, "> ");
/** Edits that insert a sign before each line. */
const SIGNS: Edit[] = (() => {
  let from = 0;
  return LINES.map((line) => {
    const edit = { from, to: from, insert: "> " };
    from += line.length + 1;
    return edit;
  });
})();

/** Make a view as `Document` does. Records the most changes that one transaction had. */
function editor(doc: string, extension: Extension = []) {
  let most = 0;
  const sent: Operation[] = [];
  const view = new EditorView({
    state: EditorState.create({
      doc,
      extensions: [
        history({ minDepth: 400 }),
        collab((operation) => sent.push(operation)),
        extension,
      ],
    }),
    dispatchTransactions: (transactions, view) => {
      for (const one of transactions) most = Math.max(most, countOf(one.changes));
      view.update(inBulk(transactions));
    },
  });
  return {
    view,
    text: () => view.state.doc.toString(),
    most: () => most,
    sent,
    selectAll: () => view.dispatch({ selection: { anchor: 0, head: view.state.doc.length } }),
    /** Change the text as another person. */
    other: (change: (length: number) => (number | string)[]) => {
      const operation = new Operation(change(view.state.doc.length));
      view.dispatch(remoteEdit(view.state, operation));
    },
  };
}

test("many edits are made a part at a time, are one step to undo and to do again, and are sent exactly", () => {
  const it = editor(TEXT);
  void makeEdits(it.view, SIGNS, "test");
  expect(it.text()).not.toBe(SIGNED);
  vi.runAllTimers();
  expect(it.text()).toBe(SIGNED);
  expect(it.sent.reduce((text, operation) => operation.apply(text), TEXT)).toBe(SIGNED);
  undo(it.view);
  expect(it.text()).not.toBe(TEXT);
  vi.runAllTimers();
  expect(it.text()).toBe(TEXT);
  redo(it.view);
  vi.runAllTimers();
  expect(it.text()).toBe(SIGNED);
  expect(it.most()).toBeLessThan(NUMBER / 2);
});

test("what others do meanwhile stays, and what they have changed is left alone", async () => {
  const it = editor(TEXT);
  const words = [...TEXT.matchAll(/line/g)].map(({ index }) => ({
    from: index,
    to: index + 4,
    insert: "row",
  }));
  const made = makeEdits(it.view, words, "test");
  // Positions inside the second word and at the very end.
  const at = (words[1] as Edit).from + 2;
  it.other((length) => [at, "OTHER", length - at, "END"]);
  vi.runAllTimers();
  expect(await made).toBe(words.length - 1);
  const [first, second] = TEXT.match(/line \d+/g) as [string, string];
  expect(it.text()).toContain(`${first.replace("line", "row")}\n  liOTHERne 2\n`);
  expect(second).toBe("line 2");
  expect(it.text().match(/line/g)).toBeNull();
  expect(it.text()).toMatch(/row \d+END$/);
  undo(it.view);
  vi.runAllTimers();
  expect(it.text().replace("OTHER", "").replace("END", "")).toBe(TEXT);
});

test("what is typed meanwhile is a step of its own", () => {
  const it = editor(TEXT);
  void makeEdits(it.view, SIGNS, "test");
  it.view.dispatch({ changes: { from: 0, insert: "typed\n" }, userEvent: "input.type" });
  vi.runAllTimers();
  expect(it.text()).toBe(`typed\n${SIGNED}`);
  for (let steps = 0; steps < 3; steps++) {
    undo(it.view);
    vi.runAllTimers();
  }
  expect(it.text()).toBe(TEXT);
});

test("undo while it goes on takes back what is done and ends it", async () => {
  const it = editor(TEXT);
  const made = makeEdits(it.view, SIGNS, "test");
  vi.advanceTimersToNextTimer();
  undo(it.view);
  vi.runAllTimers();
  await made;
  expect(it.text()).toBe(TEXT);
});

test("what is typed ends an undo that goes on", () => {
  const it = editor(TEXT);
  void makeEdits(it.view, SIGNS, "test");
  vi.runAllTimers();
  undo(it.view);
  it.view.dispatch({ changes: { from: 0, insert: "typed" }, userEvent: "input.type" });
  vi.runAllTimers();
  expect(it.text()).toMatch(/^typed/);
});

test("where the file has no room for all, it is as it was", async () => {
  const said: string[] = [];
  const it = editor(
    TEXT,
    limit(
      () => TEXT.length + NUMBER,
      (words) => said.push(words),
    ),
  );
  const made = makeEdits(it.view, SIGNS, "test");
  vi.runAllTimers();
  await made;
  expect(it.text()).toBe(TEXT);
  expect(said).toHaveLength(1);
});

test("one is done after the other", async () => {
  const [one, other] = [editor(SHORTER), editor(SHORTER)];
  const indent = lineByLine(indentMore, "input.indent");
  for (const { selectAll } of [one, other]) selectAll();
  for (let times = 0; times < 2; times++) {
    indentMore(one.view);
    indent(other.view);
  }
  await vi.runAllTimersAsync();
  expect(other.text() === one.text()).toBe(true);
});

test.each([
  ["indent", indentMore, lineByLine(indentMore, "input.indent")],
  ["outdent", indentLess, lineByLine(indentLess, "delete.dedent")],
  ["comment", toggleComment, toggleComments],
])("%s of very many lines does what CodeMirror does, in parts", async (_, whole, parts) => {
  for (const [from, to] of [
    [0, SHORTER.length],
    [3, SHORTER.length - 5],
    [0, SHORTER.lastIndexOf("\n") + 1],
  ] as const) {
    const [one, other] = [editor(SHORTER, pythonLanguage), editor(SHORTER, pythonLanguage)];
    for (const { view } of [one, other]) view.dispatch({ selection: { anchor: from, head: to } });
    whole(one.view);
    parts(other.view);
    await vi.runAllTimersAsync();
    expect(other.text()).toBe(one.text());
    undo(other.view);
    await vi.runAllTimersAsync();
    expect(other.text()).toBe(SHORTER);
  }
});

test("comments of very many lines go as they came", async () => {
  const it = editor(SHORTER, pythonLanguage);
  it.selectAll();
  toggleComments(it.view);
  await vi.runAllTimersAsync();
  it.selectAll();
  toggleComments(it.view);
  await vi.runAllTimersAsync();
  expect(it.text()).toBe(SHORTER);
});
