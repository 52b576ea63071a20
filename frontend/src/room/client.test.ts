import { expect, test } from "vitest";
import type { Entry, Origin } from "../link/protocol";
import { type Component, OperationError } from "../ot";
import {
  begin,
  edit,
  entriesOf,
  entry,
  kept,
  log,
  op,
  others,
  renew,
  room,
} from "../testing/client";
import { FILE } from "../testing/committedLog";
import { RoomClient } from ".";

test("the first edit goes at once, and what is typed meanwhile waits as one", () => {
  edit(3, "d");
  expect(room.next()).toMatchObject({ seq: 1, revision: 0, change: ["edit", FILE, [3, "d"]] });
  edit(4, "e");
  edit(5, "f");
  expect(room.next()).toBeNull();
  room.receive(1, [entry("ann", 1, 3, "d")]);
  expect(room.next()).toMatchObject({ seq: 2, revision: 1, change: ["edit", FILE, [4, "ef"]] });
  expect(room.next()).toBeNull();
});

test("an edit joins no edit before a waiting language: all are sent in the order of their making", () => {
  edit(3, "d");
  edit(4, "e");
  room.submit({ kind: "language", file: FILE, language: "typescript" });
  edit(5, "f");
  edit(6, "g");
  expect(room.unsaved).toBe(5);
  const sent: unknown[] = [];
  for (let submit = room.next(); submit; submit = room.next()) {
    sent.push(submit.change);
    log.submit("ann", submit);
    room.receive(log.revision, entriesOf(log.frame(1)));
  }
  expect(sent).toEqual([
    ["edit", FILE, [3, "de"]],
    ["language", FILE, "typescript"],
    ["edit", FILE, [5, "fg"]],
  ]);
});

test("an edit joins no edit of another origin, and each is sent and kept with its own", () => {
  const type = (origin: Origin | undefined, ...components: Component[]) =>
    room.submit({ kind: "edit", file: FILE, operation: op(...components) }, origin);
  type("typed", 3, "d");
  type("typed", 4, "e");
  type("pasted", 5, "XYZ");
  type("pasted", 8, "!");
  type("typed", 9, "f");
  const work = kept();
  const page = room;
  const sent: unknown[] = [];
  for (let submit = page.next(); submit; submit = page.next()) {
    sent.push([submit.origin, submit.change[2]]);
    log.submit("ann", submit);
    page.receive(log.revision, entriesOf(log.frame(1)));
  }
  const all = [
    ["typed", [3, "de"]],
    ["pasted", [5, "XYZ!"]],
    ["typed", [9, "f"]],
  ];
  expect(sent).toEqual(all);
  expect(work.waiting.map(({ origin, change }) => [origin, change[2]])).toEqual(all);
  renew();
  room.restore(work);
  expect(room.work()?.waiting).toEqual(work.waiting);
});

test("an edit that takes back what waits before a name is sent after the name", () => {
  edit(3, "d");
  room.submit({ kind: "name", name: "Orbit" });
  edit(3, -1);
  expect(room.unsaved).toBe(3);
  expect(room.work()?.waiting.map(({ change }) => change)).toEqual([
    ["edit", FILE, [3, "d"]],
    ["name", "Orbit"],
    ["edit", FILE, [3, -1]],
  ]);
});

test("scattered edits without a link are one edit, the same as one by one", () => {
  const text = "word ".repeat(400);
  begin(text, 1_000_000);
  let now = text;
  for (let n = 0; n < 300; n++) {
    const at = (n * 7919) % now.length;
    const change = op(at, "x", n % 3 === 0 ? -1 : 0, now.length - at - (n % 3 === 0 ? 1 : 0));
    now = change.apply(now);
    room.submit({ kind: "edit", file: FILE, operation: change });
    if (n % 50 === 0) expect(room.text(FILE)).toBe(now);
  }
  expect(room.unsaved).toBe(300);
  expect(room.work()?.waiting).toHaveLength(1);
  expect(room.text(FILE)).toBe(now);
});

test("unsaved counts what the person did, not what is sent", () => {
  edit(3, "d");
  room.next();
  edit(4, "e");
  edit(5, "f");
  expect(room.unsaved).toBe(3);
  room.receive(1, [entry("ann", 1, 3, "d")]);
  expect(room.unsaved).toBe(2);
});

test("what is typed and deleted again before it was sent is not sent", () => {
  edit(3, "d");
  room.next();
  edit(4, "e");
  edit(4, -1);
  expect(room.unsaved).toBe(1);
});

test("another's edit is carried past the work in flight and the work that waits", () => {
  edit("x", 3);
  room.next();
  edit(1, "y", 3);
  const { edits } = room.receive(1, [others(3, "!")]);
  expect(edits.get(FILE)).toEqual(op(5, "!"));
  expect(room.text(FILE)).toBe("xyabc!");
  expect(room.inFlight()?.change).toEqual(["edit", FILE, ["x", 4]]);
});

test("only the entry with the number in flight is an acknowledgement", () => {
  // Change 1 was refused on this server, and another server committed it nevertheless.
  edit(3, "d");
  room.next();
  room.refused(1);
  edit("x", 3);
  room.next();
  const { edits } = room.receive(1, [entry("ann", 1, 3, "d")]);
  expect(edits.get(FILE)).toEqual(op(4, "d"));
  expect(room.text(FILE)).toBe("xabcd");
  expect(room.unsaved).toBe(1);
});

test("after a reconnect the lost acknowledgement is found among the entries", () => {
  edit(3, "d");
  const sent = room.next();
  edit(4, "e");
  if (sent) log.submit("ann", sent);
  log.submit("bob", { type: "submit", seq: 1, revision: 1, change: ["edit", FILE, ["!", 4]] });
  room.joined(log.joined("ann", 0));
  expect(room.inFlight()).toBeNull();
  expect(room.next()).toMatchObject({ seq: 2, revision: 2, change: ["edit", FILE, [5, "e"]] });
  expect(room.text(FILE)).toBe("!abcde");
});

test("after a reconnect what is in flight goes again under its number, carried to the head", () => {
  edit(3, "d");
  room.next();
  log.submit("bob", { type: "submit", seq: 1, revision: 0, change: ["edit", FILE, ["!", 3]] });
  room.joined(log.joined("ann", 0));
  expect(room.inFlight()).toMatchObject({ seq: 1, revision: 1, change: ["edit", FILE, [4, "d"]] });
});

test("numbers rise over those that the log has already", () => {
  const joined = log.joined("ann", undefined);
  room.joined({ ...joined, seq: 7 });
  edit(3, "d");
  expect(room.next()?.seq).toBe(8);
});

test("a refused change is taken out past what was typed since, and its text is handed back", () => {
  edit(1, "long", -1, 1);
  room.next();
  edit(6, "!");
  expect(room.refused(1)).toEqual([{ file: FILE, edit: op(1, -4, "b", 2), lost: "long" }]);
  expect(room.text(FILE)).toBe("abc!");
  expect(room.next()).toMatchObject({ seq: 2, change: ["edit", FILE, [3, "!"]] });
});

test("a refusal of another change than the one in flight says nothing", () => {
  edit(3, "d");
  room.next();
  expect(room.refused(7)).toEqual([]);
  expect(room.unsaved).toBe(1);
});

test("a refused language goes back to what it was", () => {
  room.submit({ kind: "language", file: FILE, language: "typescript" });
  room.next();
  room.refused(1);
  expect(room.infos[0]?.language).toBe("python");
});

test("the own choice of a language shows until it is settled, and then the log decides", () => {
  room.submit({ kind: "language", file: FILE, language: "typescript" });
  room.next();
  const language = (who: string, to: "javascript" | "typescript"): Entry => ({
    who,
    seq: 1,
    change: { kind: "language", file: FILE, language: to },
  });
  const { others: did } = room.receive(1, [language("bob", "javascript")]);
  expect(did).toMatchObject([
    { client: "bob", change: { kind: "language", file: FILE, language: "javascript" } },
  ]);
  expect(room.infos[0]?.language).toBe("typescript");
  expect(room.receive(2, [language("ann", "typescript")]).others).toEqual([]);
  expect(room.infos[0]?.language).toBe("typescript");
});

test("the own name of the room shows until it is settled, and then the log decides", () => {
  room.submit({ kind: "name", name: "Mine" });
  expect(room.next()?.change).toEqual(["name", "Mine"]);
  const name = (who: string, called: string): Entry => ({
    who,
    seq: 1,
    change: { kind: "name", name: called },
  });
  expect(room.receive(1, [name("bob", "His")]).others).toEqual([
    { client: "bob", change: { kind: "name", name: "His" } },
  ]);
  expect(room.outline.facts.name).toBe("Mine");
  expect(room.receive(2, [name("ann", "Mine")]).others).toEqual([]);
  expect([room.outline.facts.name, room.unsaved]).toEqual(["Mine", 0]);
  room.receive(3, [name("bob", "Last")]);
  expect(room.outline.facts.name).toBe("Last");
});

test("a refused name goes back to what it was, and the same name is no change", () => {
  room.submit({ kind: "name", name: "Orbit" });
  room.next();
  expect(room.refused(1)).toEqual([{ file: null, edit: null, lost: "" }]);
  expect(room.outline.facts.name).toBeNull();
  room.submit({ kind: "name", name: "Two" });
  room.submit({ kind: "name", name: "Three" });
  room.next();
  room.submit({ kind: "name", name: "Three" });
  expect([room.outline.facts.name, room.unsaved]).toEqual(["Three", 1]);
});

test("an edit leaves its author's caret at its last insertion, and later ones carry it", () => {
  edit("xx", 3);
  room.next();
  const { carets } = room.receive(1, [
    entry("bob", 1, 1, "b", 2),
    entry("cyd", 1, 1, "c", 3),
    entry("dan", 1, 3, -2),
  ]);
  expect(carets.get("bob")).toEqual({ file: FILE, position: 5 });
  expect(carets.get("cyd")).toEqual({ file: FILE, position: 4 });
  expect(carets.get("dan")).toEqual({ file: FILE, position: 5 });
});

test("a number in an entry stands for who was given it, and no number is taken for somebody", () => {
  room.meet("bob", 2);
  edit(3, "d");
  room.next();
  const { carets } = room.receive(1, [entry(2, 1, 1, "b", 2), entry(1, 1, 4, "d")]);
  expect([...carets.keys()]).toEqual(["bob", "ann"]);
  expect(room.unsaved).toBe(0);
  expect(() => room.receive(3, [entry(3, 1, 5, "!")])).toThrow("nobody has the number 3");
  // After the client joins again, the room has given out other client numbers.
  room.joined({ ...log.joined("ann", 2), revision: 2, number: 7, people: [] });
  expect(() => room.receive(3, [entry(2, 1, 5, "!")])).toThrow("nobody has the number 2");
});

test("a gap in the revisions is not read over", () => {
  expect(() => room.receive(2, [others(3, "!")])).toThrow("revision 2 came after revision 0");
});

test("an acknowledgement of another kind of change is not believed", () => {
  room.submit({ kind: "language", file: FILE, language: "typescript" });
  room.next();
  expect(() => room.receive(1, [entry("ann", 1, 3, "e")])).toThrow("not the one in flight");
});

test("after forgetting, typing goes on unsaved until the files come anew", () => {
  edit(3, "d");
  room.next();
  room.forget();
  edit(4, "e");
  expect(room.revision).toBeNull();
  expect(room.next()).toBeNull();
  expect(room.unsaved).toBe(2);
  room.joined(log.joined("ann", undefined));
  expect(room.unsaved).toBe(0);
  expect(room.text(FILE)).toBe("abc");
});

test("a file that another adds is there", () => {
  const change = {
    kind: "add",
    file: "f2",
    name: "b.ts",
    language: "typescript",
    text: "x",
    parent: "",
  } as const;
  room.receive(1, [{ who: "bob", seq: 1, change }]);
  expect(room.infos[1]).toEqual({ id: "f2", path: "b.ts", language: "typescript" });
  expect(room.text("f2")).toBe("x");
});

test("what others did meanwhile comes as one, and carries own work as entry by entry would", () => {
  edit(3, "d");
  const inFlight = room.next();
  edit(0, "my ", 4);
  const stepping = new RoomClient();
  stepping.joined(log.joined("ann", undefined));
  stepping.submit({ kind: "edit", file: FILE, operation: op(3, "d") });
  stepping.next();
  stepping.submit({ kind: "edit", file: FILE, operation: op(0, "my ", 4) });
  if (!inFlight) throw new Error("nothing is in flight");
  const bob = (revision: number, ...components: Component[]) =>
    log.submit("bob", {
      type: "submit",
      seq: revision + 1,
      revision,
      change: ["edit", FILE, components],
    });
  bob(0, -1, 2);
  log.submit("ann", inFlight);
  bob(2, 2, "x", 1);
  bob(3, -2, 2);
  const joined = log.joined("ann", 0);
  expect(joined.entries).toMatchObject([{ count: 1 }, { who: "ann" }, { count: 2 }]);
  room.joined(joined);
  stepping.receive(1, entriesOf(log.frame(4)));
  expect(room.revision).toBe(4);
  expect(room.text(FILE)).toBe(stepping.text(FILE));
  expect(room.next()).toEqual(stepping.next());
});

test("an edit with too many components is sent piece by piece", () => {
  const many = [..."abcdefgh"].flatMap((letter) => [letter, -1, 1]);
  begin("0123456789abcdef", 100);
  const whole = op(...many);
  room.submit({ kind: "edit", file: FILE, operation: whole });
  expect(room.unsaved).toBe(1);
  for (let submit = room.next(); submit; submit = room.next()) {
    expect((submit.change[2] as unknown[]).length).toBeLessThanOrEqual(9);
    expect(room.unsaved).toBe(1);
    expect(log.submit("ann", submit)).toBe("committed");
    room.receive(log.revision, entriesOf(log.frame(1)));
  }
  expect(log.revision).toBeGreaterThan(1);
  expect(log.text).toBe(whole.apply("0123456789abcdef"));
  expect(room.text(FILE)).toBe(log.text);
  expect(room.unsaved).toBe(0);
});

test("an insertion where a waiting edit has deleted stands left of the deleted run, as one by one", () => {
  edit(3, "d");
  room.next();
  edit(1, -2, 1); // "ad", both others gone
  edit(1, "x", 1);
  const { edits } = room.receive(1, [others(2, "B", 1)]); // between the two that are deleted
  room.receive(2, [entry("ann", 1, 4, "d")]);
  expect(edits.get(FILE)).toEqual(op(2, "B", 1));
  expect(room.text(FILE)).toBe("axBd");
  expect(room.next()?.change).toEqual(["edit", FILE, [1, "x", -1, 1, -1, 1]]);
});

test("entries that were read already make no sense a second time", () => {
  room.receive(1, [others(3, "!")]);
  expect(() => room.receive(1, [others(3, "!")])).toThrow(OperationError);
  expect(() => room.receive(3, [others(4, "!")])).toThrow(OperationError);
  expect(room.text(FILE)).toBe("abc!");
  expect(room.revision).toBe(1);
});

test("an edit of many bytes is sent in frames of less than 64 kB", () => {
  begin("abc", 1_000_000);
  const whole = op(1, '漢"\n'.repeat(40_000), -1, "end", 1);
  room.submit({ kind: "edit", file: FILE, operation: whole });
  for (let submit = room.next(); submit; submit = room.next()) {
    expect(new TextEncoder().encode(JSON.stringify(submit)).length).toBeLessThan(2 ** 16 - 14);
    expect(log.submit("ann", submit)).toBe("committed");
    room.receive(log.revision, entriesOf(log.frame(1)));
  }
  expect(log.revision).toBe(5);
  expect(log.text).toBe(whole.apply("abc"));
  expect(room.unsaved).toBe(0);
});
