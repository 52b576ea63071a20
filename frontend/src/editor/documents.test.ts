/** Tests the documents of a room with two files: which ones are open, and what each is told. */
import { beforeEach, expect, test, vi } from "vitest";
import { Operation } from "../ot";
import { RoomClient } from "../room";
import { astral } from "./astral";
import { remoteCarets } from "./carets";
import { Documents } from "./documents";

let room: RoomClient;
let documents: Documents;
const made = vi.fn();

beforeEach(() => {
  made.mockClear();
  room = new RoomClient();
  room.open({
    revision: 0,
    files: [
      { id: "main", name: "main.py", language: "python", text: "one\ntwo\n" },
      { id: "other", name: "other.py", language: "python", text: "😀 three\nfour\n" },
    ],
  });
  documents = new Documents(room, ({ id }) => {
    made(id);
    return [astral, remoteCarets(() => ({ person: "q", name: "Bo", colour: 1 }))];
  });
  documents.refresh();
});

const edit = (revision: number, file: string, ...components: (number | string)[]) =>
  documents.receive(
    room.receive(revision, [
      {
        who: "bob",
        seq: revision,
        change: { kind: "edit", file, operation: new Operation(components) },
      },
    ]),
  );
const open = () => documents.openFiles.value.map(({ id }) => id);

test("the first file is open and shown, and no other has a document yet", () => {
  expect([open(), documents.activeFile.value?.id]).toEqual([["main"], "main"]);
  expect(made.mock.calls).toEqual([["main"]]);
});

test("a file that is opened is shown, and its document is made once", () => {
  documents.show("other");
  documents.show("main");
  documents.show("other");
  expect([open(), documents.activeFile.value?.id]).toEqual([["main", "other"], "other"]);
  expect(made.mock.calls).toEqual([["main"], ["other"]]);
  documents.show("none");
  expect(documents.activeFile.value?.id).toBe("other");
});

test("a document hears of the edits of its own file alone, and a later one has them all", () => {
  const main = documents.get("main");
  const dispatch = vi.spyOn(main as NonNullable<typeof main>, "dispatch");
  edit(1, "other", 2, "x", 11);
  expect(dispatch).not.toHaveBeenCalled();
  edit(2, "main", "y", 8);
  expect(dispatch).toHaveBeenCalledOnce();
  documents.show("other");
  expect(documents.get("other")?.text).toBe("😀 xthree\nfour\n");
});

test("a caret in a file that is not open is there when the file is opened, moved by edits since", () => {
  documents.showCaret("cyd", { file: "other", revision: 0, selections: [[9, 9]] });
  expect(documents.caretOf("cyd")).toEqual({ file: "other", line: 2, column: 2 });
  expect(made.mock.calls).toEqual([["main"]]);
  edit(1, "other", "\n", 13);
  documents.show("other");
  expect(documents.caretOf("cyd")).toEqual({ file: "other", line: 3, column: 2 });
  expect(documents.caretOf("bob")).toEqual({ file: "other", line: 2, column: 1 });
});

test("a caret that goes to another file leaves the one it was in", () => {
  edit(1, "main", "y", 8);
  expect(documents.caretOf("bob")?.file).toBe("main");
  edit(2, "other", "z", 13);
  expect(documents.caretOf("bob")).toEqual({ file: "other", line: 1, column: 2 });
  expect(documents.get("main")?.caretOf("bob")).toBeNull();
  documents.show("other");
  expect(documents.caretOf("bob")).toEqual({ file: "other", line: 1, column: 2 });
});

test("a file is opened with the caret at a line, before there is a view of it", () => {
  documents.show("other");
  documents.get("other")?.goToLine(2, 3);
  expect(documents.whereabouts).toEqual({ file: "other", anchor: 10, head: 10, top: 8 });
});

test("a file whose text is not here is shown once it has come, with the caret where somebody went", async () => {
  room = new RoomClient(true);
  room.open({
    revision: 0,
    files: [
      { id: "main", name: "main.py", text: "one\ntwo\n" },
      { id: "other", name: "other.py" },
    ],
  });
  const want = vi.fn((file: string) => room.want(file));
  documents = new Documents(room, () => [astral, remoteCarets(() => undefined)], want);
  documents.refresh();
  expect([...documents.here.value]).toEqual(["main"]);
  documents.showCaret("cyd", { file: "other", revision: 0, selections: [[9, 9]] });
  expect(documents.caretOf("cyd")).toEqual({ file: "other", line: null, column: 9 });
  documents.ask("other", { line: 2, column: 3 });
  expect(documents.activeFile.value?.id).toBe("other");
  expect([documents.here.value.has("other"), want.mock.calls]).toEqual([false, [["other"]]]);
  const text = documents.textWhenHere("other");
  edit(1, "other", "\n", 13);
  expect(documents.caretOf("cyd")).toEqual({ file: "other", line: null, column: 10 });
  room.mend("other", 1, "\nthree\nfour\n");
  documents.following(() => {}).came?.("other");
  expect(documents.here.value.has("other")).toBe(true);
  expect(await text).toBe("\nthree\nfour\n");
  expect(documents.get("other")?.cursor.value).toMatchObject({ line: 2, column: 3 });
  expect(documents.caretOf("cyd")).toEqual({ file: "other", line: 3, column: 4 });
});
