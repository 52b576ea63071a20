import { signal } from "@preact/signals";
import { beforeEach, expect, test } from "vitest";
import type { Change, Entry, Joined } from "../link/protocol";
import { decodeChange, encodeChange } from "../link/protocol";
import { Operation } from "../ot";
import { RoomClient, type Work } from "../room";
import type { Tree } from "../room/tree";
import { CommittedLog } from "../testing/committedLog";
import { FileTree, newId } from "./tree";

let room: RoomClient;
let tree: FileTree;
const shown = signal<Tree>(new RoomClient().outline.tree);

/** A stand-in for the part of `Exchange` that the tree needs. */
function planted(client: RoomClient) {
  return {
    room: client,
    tree: shown,
    submit: (change: Change) => {
      client.submit(change);
      shown.value = client.outline.tree;
    },
  };
}

beforeEach(() => {
  room = new RoomClient();
  room.joined(joined());
  tree = new FileTree(planted(room));
  shown.value = room.outline.tree;
});

function joined(): Joined {
  return new CommittedLog("abc", 100).joined("ann", undefined);
}

const paths = () =>
  [...shown.value]
    .filter(({ id }) => shown.value.isLiving(id))
    .map(({ id }) => shown.value.path(id))
    .sort();

function hear(who: string, seq: number, ...changes: Change[]): void {
  const entries: Entry[] = changes.map((change, index) => ({ who, seq: seq + index, change }));
  room.receive((room.revision ?? 0) + 1, entries);
  shown.value = room.outline.tree;
}

/** Let the server commit the change in flight as it is. */
function acknowledge(): void {
  const submit = room.next() ?? room.inFlight();
  if (submit) hear("ann", submit.seq, decodeChange(submit.change));
}

test("what a person does to the tree shows at once, in the order in which it is sent", () => {
  const lib = tree.addFolder("lib");
  const file = tree.add("utils.py", lib, "x = 1\n");
  tree.rename(file, "tools.py");
  expect(paths()).toEqual(["lib", "lib/tools.py", "main.py"]);
  expect(room.text(file)).toBe("x = 1\n");
  const sent: string[] = [];
  while (room.unsaved > 0) {
    const submit = room.next();
    if (!submit) throw new Error("it waits for ever");
    sent.push(submit.change[0]);
    hear("ann", submit.seq, decodeChange(submit.change));
  }
  expect(sent).toEqual(["folder", "add", "move"]);
  expect(paths()).toEqual(["lib", "lib/tools.py", "main.py"]);
});

test("a new file may be typed into before it is saved", () => {
  const file = tree.add("new.py", "", "ab");
  room.submit({ kind: "edit", file, operation: new Operation([2, "c"]) });
  expect(room.text(file)).toBe("abc");
  acknowledge();
  expect(room.next()?.change).toEqual(["edit", file, [2, "c"]]);
  expect(room.text(file)).toBe("abc");
});

test("a name that is taken becomes the first free one, also while others take it", () => {
  const file = tree.add("MAIN.py");
  expect(paths()).toEqual(["MAIN_2.py", "main.py"]);
  hear("bob", 1, {
    kind: "add",
    file: "b",
    name: "Main_2.py",
    parent: "",
    text: "",
    language: null,
  });
  expect(shown.value.path(file)).toBe("MAIN_3.py");
});

test("what is put into a folder that somebody removes is above it", () => {
  const lib = tree.addFolder("lib");
  acknowledge();
  const file = tree.add("a.py", lib);
  hear("bob", 1, { kind: "remove", id: lib });
  expect(paths()).toEqual(["a.py", "main.py"]);
  expect(shown.value.isLiving(file)).toBe(true);
  expect(tree.removed.map(({ id }) => id)).toEqual([lib]);
});

test("a removed folder comes back with what is in it", () => {
  const lib = tree.addFolder("lib");
  tree.add("a.py", lib);
  acknowledge();
  acknowledge();
  tree.remove([lib]);
  expect(paths()).toEqual(["main.py"]);
  expect(room.infos.map(({ path }) => path)).toEqual(["main.py"]);
  tree.restore([lib]);
  expect(paths()).toEqual(["lib", "lib/a.py", "main.py"]);
});

test("a folder is not moved into itself, and a selection without what is in it", () => {
  const outer = tree.addFolder("outer");
  const inner = tree.addFolder("inner", outer);
  const file = tree.add("a.py", inner);
  expect(tree.canMove(outer, inner)).toBe(false);
  expect(tree.canMove(outer, outer)).toBe(false);
  expect(tree.canMove(file, inner)).toBe(false);
  tree.move([outer, inner], inner);
  expect(paths()).toEqual(["main.py", "outer", "outer/inner", "outer/inner/a.py"]);
  tree.move([inner, file], "");
  expect(paths()).toEqual(["inner", "inner/a.py", "main.py", "outer"]);
});

test("several nodes are removed by one entry", () => {
  const lib = tree.addFolder("lib");
  acknowledge();
  tree.remove([lib, "main"]);
  expect(room.next()?.change).toEqual([
    "many",
    [
      ["remove", lib],
      ["remove", "main"],
    ],
    "replace",
  ]);
  expect(paths()).toEqual([]);
});

test("a copy stands beside what it is of, with the texts as they are shown", () => {
  const lib = tree.addFolder("lib");
  tree.add("a.py", lib, "x");
  const copy = tree.duplicate(lib) ?? "";
  expect(paths()).toEqual(["lib", "lib/a.py", "lib_2", "lib_2/a.py", "main.py"]);
  const [file] = shown.value.byFolder().get(copy) ?? [];
  expect(room.text(file?.id ?? "")).toBe("x");
});

test("a file that is refused is gone, with its text handed back", () => {
  const file = tree.add("new.py", "", "ab");
  const submit = room.next();
  room.submit({ kind: "edit", file, operation: new Operation([2, "c"]) });
  expect(room.refused(submit?.seq ?? 0)).toEqual([{ file, edit: null, lost: "abc" }]);
  shown.value = room.outline.tree;
  expect(paths()).toEqual(["main.py"]);
  expect(room.unsaved).toBe(0);
  expect(room.has(file)).toBe(false);
});

test("another page goes on with changes of the tree that are not saved", () => {
  const lib = tree.addFolder("lib");
  const file = tree.add("a.py", lib, "x");
  room.next();
  room.submit({ kind: "edit", file, operation: new Operation([1, "y"]) });
  const work: Work = JSON.parse(JSON.stringify(room.work()));
  room = new RoomClient();
  room.restore(work);
  room.joined({ ...joined(), entries: [] });
  shown.value = room.outline.tree;
  expect(paths()).toEqual(["lib", "lib/a.py", "main.py"]);
  expect(room.text(file)).toBe("xy");
  expect(room.inFlight()?.change).toEqual(["folder", lib, "", "lib"]);
});

test("an edit in an entry of many carries own work, and what is refused of many is taken out", () => {
  room.submit({ kind: "edit", file: "main", operation: new Operation([3, "d"]) });
  const edit = { kind: "edit", file: "main", operation: new Operation(["!", 3]) } as const;
  const folder = { kind: "folder", id: "f", parent: "", name: "f" } as const;
  hear("bob", 1, { kind: "many", changes: [folder, edit], cause: "import" });
  expect(room.text("main")).toBe("!abcd");
  expect(paths()).toEqual(["f", "main.py"]);
  acknowledge();
  const own = { ...edit, operation: new Operation([5, "?"]) };
  room.submit({ kind: "many", changes: [{ kind: "remove", id: "f" }, own], cause: "replace" });
  const seq = room.next()?.seq ?? 0;
  hear("bob", 2, { ...edit, operation: new Operation(["¡", 5]) });
  expect(room.text("main")).toBe("¡!abcd?");
  expect(room.refused(seq)[1]).toMatchObject({ file: "main", lost: "?" });
  expect(room.text("main")).toBe("¡!abcd");
});

test("an id is as long as the server lets it be, and of its letters", () => {
  for (let n = 0; n < 100; n++) expect(newId()).toMatch(/^[A-Za-z0-9_-]{11}$/);
});

test("a change of many parts comes back from the wire as it was", () => {
  const wire = [
    "many",
    [
      ["remove", "a"],
      ["edit", "b", [1, "x"]],
    ],
    "undo",
  ];
  expect(encodeChange(decodeChange(wire as never))).toEqual(wire);
});
