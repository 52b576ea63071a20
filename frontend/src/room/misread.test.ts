/** A client repairs a text that it has misread. */
import { expect, test } from "vitest";
import type { Component } from "../ot";
import { bob, edit, heal, hear, log, misread, op, room, settle, submit } from "../testing/client";
import { FILE } from "../testing/committedLog";

test.each([
  ["as long", ["BOB", 3], ["bib", 3]],
  ["longer", ["BOB", 3], ["bobby", 3]],
  ["shorter", [1, "BOB", 2], [1, 2]],
  ["elsewhere", [3, "BOB"], ["BOB", 3]],
] as [string, Component[], Component[]][])(
  "a text misread %s is mended like an edit of somebody else, and own work stays",
  (_, logged, forged) => {
    edit(3, "d");
    misread(logged, forged);
    room.submit({ kind: "edit", file: FILE, operation: op(room.text(FILE).length, "e") });
    const before = room.text(FILE);
    const seen = heal();
    expect(seen?.apply(before)).toBe(room.text(FILE));
    expect(room.text(FILE)).toBe(`${log.text}de`);
    settle();
    expect(log.text.endsWith("de")).toBe(true);
  },
);

test("what was in flight on a misread text comes back as the log has it", () => {
  edit(2, "!", 1);
  const arrive = submit();
  edit(3, "?", 1);
  misread(["B", 3], [3, "B"]);
  arrive();
  expect(room.text(FILE)).toBe("ab!?cB");
  const { edits } = hear();
  expect(edits.get(FILE)?.apply("ab!?cB")).toBe(room.text(FILE));
  expect(room.unsaved).toBe(1);
  heal();
  settle();
  expect(log.text.replace("?", "")).toBe("Bab!c");
});

test("work in flight stays where it was typed when the text is mended before it is acknowledged", () => {
  misread([1, "BOB", 2], [1, "bib", 2]);
  edit(2, "!", 4);
  const arrive = submit();
  edit(3, "?", 4);
  heal();
  expect(room.unsaved).toBe(2);
  arrive();
  const before = room.text(FILE);
  const { edits } = hear();
  expect(edits.get(FILE)?.apply(before)).toBe(room.text(FILE));
  settle();
  expect(log.text).toContain("!");
  expect(log.text).toContain("?");
});

test("entries that do not fit a misread text are passed over until it is read", () => {
  edit(3, "d");
  const arrive = submit();
  misread(["B", 3], ["Bob", 3]);
  arrive();
  edit(7, "e");
  hear();
  expect(room.reads()).toEqual([FILE]);
  bob("!", 5);
  hear();
  expect(room.text(FILE)).toBe("Bobabcde");
  expect(room.reads()).toEqual([]);
  expect(room.mend(FILE, log.revision, log.text)).toEqual(op("!B", -3, 5));
  expect(room.text(FILE)).toBe("!Babcde");
  settle();
});

test("nothing is submitted for a text that is in doubt", () => {
  misread(["B", 3], ["b", 3]);
  edit(4, "d");
  room.verify(1, log.checksums);
  expect(room.next()).toBeNull();
  room.reads();
  expect(room.next()).toBeNull();
  room.mend(FILE, 1, log.text);
  expect(room.next()?.change).toEqual(["edit", FILE, [4, "d"]]);
});

test("a change that did not fit a misread text goes again under its number, once", () => {
  misread(["B", 3], ["Bob", 3]);
  edit(6, "d");
  const arrive = submit();
  edit(7, "e");
  expect(arrive).toThrow("spans");
  expect(room.misfit(1)).toBe(true);
  expect(room.reads()).toEqual([FILE]);
  expect(room.inFlight()).toBeNull();
  room.mend(FILE, 1, log.text);
  expect(room.inFlight()).toMatchObject({ seq: 1, change: ["edit", FILE, [4, "d"]] });
  expect(room.misfit(1)).toBe(false);
  settle();
  expect(log.text).toBe("Babcde");
});

test("a text that is the server's is not read, nor one of another revision compared", () => {
  edit(3, "d");
  room.verify(0, log.checksums);
  expect(room.reads()).toEqual([]);
  room.verify(1, { [FILE]: 0 });
  expect(room.reads()).toEqual([]);
  expect(room.mend(FILE, 1, "other")).toBeNull();
  expect(room.text(FILE)).toBe("abcd");
});

test("who joins again with a misread text reads it, also where it has come to be the server's", () => {
  misread(["B", 3], ["Bob", 3]);
  room.joined(log.joined("ann", 1));
  expect(room.reads()).toEqual([FILE]);
  bob(1, "ob", 3);
  hear();
  expect(room.text(FILE)).toBe(log.text);
  room.joined(log.joined("ann", 2));
  expect(room.reads()).toEqual([FILE]);
  expect(room.mend(FILE, 2, log.text)).toBeNull();
  bob("!", 6);
  hear();
  expect(room.text(FILE)).toBe("!Bobabc");
});
