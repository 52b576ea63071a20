/** A client that holds only some of the files of its room. */
import { expect, test } from "vitest";
import type { Entry, File, Joined } from "../link/protocol";
import { type Component, checksum, Operation, OperationError } from "../ot";
import { RoomClient } from ".";

const MAIN: File = { id: "main", name: "main.py", text: "abc" };
const OTHER: File = { id: "other", name: "other.py" };

const op = (...components: Component[]) => new Operation(components);

function joined(message: Partial<Joined>): Joined {
  const limits = { components: 100 } as Joined["limits"];
  const rest = { seq: 0, revision: 0, updated_at: 0, people: [], checksums: {}, limits };
  return { type: "joined", client: "ann", number: 1, ...rest, ...message };
}

function edit(file: string, ...components: Component[]): Entry {
  return { who: "bob", seq: 1, change: { kind: "edit", file, operation: op(...components) } };
}

/** Make a lazy client that has joined and holds the first of two files. */
function entered(): RoomClient {
  const room = new RoomClient(true);
  room.joined(joined({ files: [MAIN, OTHER], checksums: { main: checksum("abc") } }));
  return room;
}

test("it knows all files, and has the texts that came", () => {
  const room = entered();
  expect(room.infos.map(({ path }) => path)).toEqual(["main.py", "other.py"]);
  expect([room.has("main"), room.has("other")]).toEqual([true, false]);
  expect(() => room.text("other")).toThrow(OperationError);
  expect(room.holds).toEqual(["main"]);
  expect(room.texts?.files.map(({ text }) => text)).toEqual(["abc", undefined]);
});

test("edits of other files move the revision and carets, checksums of them are passed over", () => {
  const room = entered();
  const { edits } = room.receive(1, [edit("other", "x", 5), edit("main", 3, "d")]);
  expect(edits.get("other")?.map(5)).toBe(6);
  expect([room.revision, room.text("main")]).toEqual([2, "abcd"]);
  room.verify(2, { other: 7, main: checksum("abcd") });
  expect(room.reads()).toEqual([]);
  expect(() => room.receive(3, [edit("none", "x", 5)])).toThrow(OperationError);
});

test("a wanted file is asked for once, comes whole, and takes edits from then on", () => {
  const room = entered();
  room.want("other");
  room.want("main");
  expect([room.reads(), room.reads()]).toEqual([["other"], []]);
  room.receive(1, [edit("other", "x", 5)]);
  expect(room.mend("other", 1, "xthree")).toBeNull();
  expect(room.text("other")).toBe("xthree");
  expect([...room.receive(2, [edit("other", 6, "!")]).edits.keys()]).toEqual(["other"]);
  expect(room.text("other")).toBe("xthree!");
  expect(room.holds).toEqual(["main", "other"]);
});

test("a text of another revision is not taken", () => {
  const room = entered();
  room.want("other");
  room.receive(1, [edit("other", "x", 5)]);
  expect(room.mend("other", 0, "three")).toBeNull();
  expect(room.has("other")).toBe(false);
});

test("what was wanted when the link broke is asked for again, or comes with the other texts", () => {
  const room = entered();
  room.want("other");
  room.reads();
  expect(room.holds).toEqual(["main"]);
  room.joined(joined({ entries: [] }));
  expect(room.reads()).toEqual(["other"]);
  room.forget();
  expect(room.holds).toEqual(["main", "other"]);
  room.joined(joined({ files: [MAIN, { ...OTHER, text: "three" }] }));
  expect([room.reads(), room.text("other")]).toEqual([[], "three"]);
});

test("a file that somebody adds is there without its text, an own one with it", () => {
  const room = entered();
  const add = (file: string) =>
    ({ kind: "add", file, name: `${file}.py`, language: null, text: "new", parent: "" }) as const;
  room.receive(1, [{ who: "bob", seq: 1, change: add("his") }]);
  expect([room.has("his"), room.infos.length]).toEqual([false, 3]);
  room.submit(add("own"));
  room.next();
  room.submit({ kind: "edit", file: "own", operation: op(3, "!") });
  expect(room.holds).toEqual(["main", "own"]);
  room.receive(2, [{ who: "ann", seq: 1, change: add("own") }]);
  expect(room.text("own")).toBe("new!");
});

test("own work on a file that is not here comes with its text when a page goes on with it", () => {
  const page = entered();
  page.want("other");
  page.mend("other", 0, "three");
  page.submit({ kind: "edit", file: "other", operation: op(5, "!") });
  page.next();
  const work = page.work();
  if (!work) throw new Error("there is work");
  const room = new RoomClient(true);
  room.restore(work);
  expect([room.restored, room.holds]).toEqual([true, ["other"]]);
  room.joined(
    joined({
      revision: 1,
      entries: [edit("other", "x", 5)],
      files: [
        { id: "main", name: "main.py" },
        { ...OTHER, text: "xthree" },
      ],
    }),
  );
  expect(room.text("other")).toBe("xthree!");
  expect(room.inFlight()?.change).toEqual(["edit", "other", [6, "!"]]);
});

test("texts without that of a file with own work are not what the work stands on", () => {
  const room = new RoomClient(true);
  room.open({ revision: 3, files: [MAIN, OTHER] });
  const waiting = [{ change: ["edit", "other", [5, "!"]] as never, count: 1 }];
  expect(() => room.restore({ revision: 3, seq: 0, inFlight: null, waiting })).toThrow(
    OperationError,
  );
});

test("a file that is not here is renamed, moved, removed and restored", () => {
  const room = entered();
  room.submit({ kind: "move", id: "other", parent: "", name: "b.py" });
  room.submit({ kind: "remove", id: "other" });
  expect(room.infos.map(({ path }) => path)).toEqual(["main.py"]);
  room.submit({ kind: "restore", id: "other", parent: "", name: "b.py" });
  room.submit({ kind: "language", file: "other", language: "rust" });
  expect(room.infos.map(({ path, language }) => [path, language])[1]).toEqual(["b.py", "rust"]);
});
