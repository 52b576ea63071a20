import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { Operation } from "../ot";
import { caretOf, moveCaret, remoteCarets } from "./carets";
import { collab, remoteEdit, textOf } from "./collab";

const bo = { name: "Bo", colour: 1 };

function editor(text: string): EditorState {
  const extensions = [collab(() => {}), remoteCarets(() => bo)];
  return EditorState.create({ doc: textOf(text), extensions });
}

const move = (...selections: [number, number][]) => moveCaret.of({ client: "bo", selections });

test("a caret stands where its person says, counted in code points", () => {
  const { state } = editor("😀😀x").update({ effects: move([0, 2]) });
  expect(caretOf(state, "bo")).toBe(4);
});

test("a caret that comes with an edit is placed in the text after it", () => {
  const state = editor("ab");
  const edit = remoteEdit(state, new Operation(["😀", 2]));
  expect(caretOf(state.update({ ...edit, effects: move([1, 1]) }).state, "bo")).toBe(2);
});

test("a caret follows the text, and stays left of what is inserted at it", () => {
  let { state } = editor("abcd").update({ effects: move([2, 2]) });
  ({ state } = state.update({ changes: { from: 0, insert: "xy" } }));
  expect(caretOf(state, "bo")).toBe(4);
  ({ state } = state.update({ changes: { from: 4, insert: "!" } }));
  expect(caretOf(state, "bo")).toBe(4);
  ({ state } = state.update({ changes: { from: 0, to: 5 } }));
  expect(caretOf(state, "bo")).toBe(0);
});

test("a caret beyond the end stands at the end", () => {
  expect(caretOf(editor("ab").update({ effects: move([9, 9]) }).state, "bo")).toBe(2);
});

test("who has no caret any more has none", () => {
  const { state } = editor("ab").update({ effects: move([1, 1]) });
  expect(caretOf(state.update({ effects: move() }).state, "bo")).toBeNull();
});
