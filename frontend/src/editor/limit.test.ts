import { EditorState } from "@codemirror/state";
import { beforeEach, expect, test, vi } from "vitest";
import { Operation } from "../ot";
import { collab, remoteEdit, remoteText } from "./collab";
import { limit } from "./limit";

const MOST = 5;
const tell = vi.fn();

beforeEach(() => {
  tell.mockClear();
});

function editor(doc: string): EditorState {
  return EditorState.create({ doc, extensions: [collab(() => {}), limit(() => MOST, tell)] });
}

/** Insert a text at the end, as typed or pasted. */
function add(state: EditorState, insert: string, userEvent = "input.type"): string {
  return state.update({ changes: { from: state.doc.length, insert }, userEvent }).newDoc.toString();
}

test("what is typed beyond the limit is not put in, and its person is told", async () => {
  expect(add(editor("abcd"), "e")).toBe("abcde");
  expect(add(editor("abcde"), "f")).toBe("abcde");
  await Promise.resolve();
  expect(tell.mock.calls).toEqual([["The file is full: a file has room for 5 characters."]]);
});

test("a paste says how large it is, or would make the file", async () => {
  expect(add(editor(""), "123456", "input.paste")).toBe("");
  expect(add(editor("abc"), "123", "input.paste")).toBe("abc");
  await Promise.resolve();
  expect(tell.mock.calls).toEqual([
    ["This paste is 0.1 MiB; the limit is 0.1 MiB. Nothing was sent."],
    ["The file would have 6 characters with this paste; a file has room for 5. Nothing was sent."],
  ]);
});

test("code points count, not the units of the editor", () => {
  expect(add(editor("🪐🪐🪐🪐"), "🪐")).toBe("🪐🪐🪐🪐🪐");
  expect(add(editor("🪐🪐🪐🪐🪐"), "a")).toBe("🪐🪐🪐🪐🪐");
});

test("a text above the limit may be shortened, and changed at its length", () => {
  const state = editor("abcdefgh");
  const changed = (to: number, insert: string) =>
    state.update({ changes: { from: 0, to, insert } }).newDoc.toString();
  expect(changed(2, "x")).toBe("xcdefgh");
  expect(changed(1, "x")).toBe("xbcdefgh");
  expect(changed(1, "xy")).toBe("abcdefgh");
});

test("what others have done is shown whatever the limit is: it is in the log", async () => {
  const state = editor("abcde");
  const edit = new Operation([5, "fgh"]);
  expect(state.update(remoteEdit(state, edit)).newDoc.toString()).toBe("abcdefgh");
  expect(state.update(remoteText(state, "another text")).newDoc.toString()).toBe("another text");
  await Promise.resolve();
  expect(tell).not.toHaveBeenCalled();
});
