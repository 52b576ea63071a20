/**
 * Tests how the editor's text corresponds to the room's: positions, edits in both directions, and
 * characters that no text may contain.
 */
import { history, redo, undo } from "@codemirror/commands";
import { EditorSelection, EditorState, Transaction, type TransactionSpec } from "@codemirror/state";
import { expect, test } from "vitest";
import { type Component, Operation } from "../ot";
import { Random } from "../testing/random";
import { astral, textLength, toOffset, toPosition } from "./astral";
import { collab, operationOf, originOf, remoteEdit, remoteText, textOf } from "./collab";
import { limit } from "./limit";
import { upright } from "./upright";

function editor(text: string, extensions: EditorState["facet"] | object = []): EditorState {
  return EditorState.create({
    doc: textOf(text),
    extensions: [collab(() => {}), history(), extensions as never],
  });
}

const edited = (state: EditorState, spec: TransactionSpec) => operationOf(state.update(spec));
const op = (...components: Component[]) => new Operation(components);

test("positions count code points, offsets UTF-16 units", () => {
  const state = editor("a😀b\n𝒳");
  expect([0, 1, 3, 4, 5, 7].map((offset) => toPosition(state, offset))).toEqual([0, 1, 2, 3, 4, 5]);
  expect([0, 1, 2, 3, 4, 5].map((position) => toOffset(state, position))).toEqual([
    0, 1, 3, 4, 5, 7,
  ]);
  expect(toOffset(state, 99)).toBe(7);
  expect(textLength(state)).toBe(5);
});

test("the offsets of astral characters follow every transaction", () => {
  for (let seed = 0; seed < 500; seed++) {
    const random = new Random(seed);
    let state = editor(random.text(10));
    for (let step = 0; step < 10; step++) {
      const from = random.below(state.doc.length + 1);
      const to = from + random.below(state.doc.length - from + 1);
      state = state.update({ changes: { from, to, insert: random.text(3) } }).state;
    }
    expect(state.field(astral)).toEqual(editor(state.doc.toString()).field(astral));
  }
});

test("a replacement is an insertion, then a deletion", () => {
  const changes = { from: 1, to: 3, insert: "x" };
  expect(edited(editor("a😀b"), { changes })).toEqual(op(1, "x", -1, 1));
});

test("changes at several places are one operation", () => {
  const changes = [
    { from: 0, insert: "1" },
    { from: 2, insert: "2" },
    { from: 3, to: 4 },
  ];
  expect(edited(editor("abcd"), { changes })).toEqual(op("1", 2, "2", 1, -1));
});

test("an operation of the room changes the text, and history leaves it alone", () => {
  let state = editor("a😀b");
  state = state.update({ changes: { from: 4, insert: "!" }, userEvent: "input.type" }).state;
  state = state.update(remoteEdit(state, op(2, "x\ny", -1, 1))).state;
  expect(state.doc.toString()).toBe("a😀x\ny!");
  const dispatch = (transaction: Transaction) => {
    state = transaction.state;
  };
  expect(undo({ state, dispatch })).toBe(true);
  expect(state.doc.toString()).toBe("a😀x\ny");
  expect(undo({ state, dispatch })).toBe(false);
  expect(redo({ state, dispatch })).toBe(true);
  expect(state.doc.toString()).toBe("a😀x\ny!");
});

test("a caret stays left of what others insert at it", () => {
  const state = editor("ab").update({ selection: { anchor: 1 } }).state;
  expect(state.update(remoteEdit(state, op(1, "x", 1))).state.selection.main.head).toBe(1);
});

test("another text is shown by changing what differs, by whole characters", () => {
  const state = editor("a😀b");
  const transaction = state.update(remoteText(state, "a😁b"));
  expect(operationOf(transaction)).toEqual(op(1, "😁", -1, 1));
  expect(transaction.state.doc.toString()).toBe("a😁b");
});

test.each([
  ["half of a character is replaced", { from: 2, to: 3, insert: "\ude01" }, "a😁b"],
  ["the other half is replaced", { from: 1, to: 2, insert: "\ud83e" }, "a\u{1fa00}b"],
  ["half of a character is deleted", { from: 1, to: 2 }, "a\ufffdb"],
  ["something comes between the halves", { from: 2, insert: "x" }, "a\ufffdx\ufffdb"],
  ["a lone half is pasted", { from: 0, insert: "x\ud800y" }, "x\ufffdya😀b"],
  ["U+0000 is pasted", { from: 0, insert: "x\0y" }, "x\ufffdya😀b"],
  ["line ends of other systems are pasted", { from: 0, insert: "x\r\ny\rz" }, "x\ny\nza😀b"],
])("the text stays well formed when %s", (_, changes, after) => {
  const state = editor("a😀b");
  const transaction = state.update({ changes, userEvent: "input.type" });
  expect(transaction.state.doc.toString()).toBe(after);
  expect(operationOf(transaction).apply("a😀b")).toBe(after);
  expect(transaction.annotation(Transaction.userEvent)).toBe("input.type");
});

test.each([
  ["input.type", "typed"],
  ["delete.backward", "typed"],
  ["undo", "typed"],
  ["input.paste", "pasted"],
  ["input.drop", "pasted"],
  ["input.complete", "suggestion"],
  ["format", "formatted"],
  ["ai", "ai"],
])("an edit by the user event %s is %s", (userEvent, origin) => {
  const transaction = editor("ab").update({ changes: { from: 0, insert: "x" }, userEvent });
  expect(originOf(transaction)).toBe(origin);
});

test("a paste beyond the limit is kept out, and said", async () => {
  const said: string[] = [];
  const state = editor(
    "abc",
    limit(() => 5, said.push.bind(said) as (words: string) => void),
  );
  const paste = (insert: string) =>
    state.update({ changes: { from: 3, insert }, userEvent: "input.paste" }).state.doc.toString();
  expect(paste("😀😀")).toBe("abc😀😀");
  expect(said).toEqual([]);
  expect(paste("defg")).toBe("abc");
  await Promise.resolve();
  expect(said).toEqual([
    "The file would have 7 characters with this paste; a file has room for 5. Nothing was sent.",
  ]);
});

test("a paste that is larger than any file may be is said in its size", async () => {
  const said: string[] = [];
  const limited = limit(
    () => 2 ** 21,
    (words) => said.push(words),
  );
  const insert = "x".repeat(3.04 * 2 ** 20);
  const pasting = { changes: { from: 0, insert }, userEvent: "input.paste" };
  expect(editor("", limited).update(pasting).docChanged).toBe(false);
  await Promise.resolve();
  expect(said).toEqual(["This paste is 3.1 MiB; the limit is 2 MiB. Nothing was sent."]);
});

test("a text above the limit may still become shorter", () => {
  const state = editor(
    "abcdef",
    limit(
      () => 3,
      () => {},
    ),
  );
  const shorter = { changes: { from: 0, to: 2, insert: "x" } };
  expect(state.update(shorter).state.doc.toString()).toBe("xcdef");
});

test("a selection within a stretch that another replaces becomes a caret", () => {
  const state = editor("abcdef").update({ selection: { anchor: 2, head: 4 } }).state;
  const whole = { changes: { from: 0, to: 6, insert: "xyz" } };
  const last = upright([state.update(whole)]).at(-1);
  expect(last?.state.selection.eq(EditorSelection.single(0))).toBe(true);
});
