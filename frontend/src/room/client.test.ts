import { beforeEach, expect, test } from "vitest";
import type { Entry, Origin, ServerMessage, Who } from "../link/protocol";
import { type Component, Operation, OperationError } from "../ot";
import { CommittedLog, FILE } from "../testing/committedLog";
import { type KeptChange, type Received, RoomClient, type Work } from ".";

let log: CommittedLog;
let room: RoomClient;

const op = (...components: Component[]) => new Operation(components);
const edit = (...components: Component[]) =>
  room.submit({ kind: "edit", file: FILE, operation: op(...components) });
const others = (...components: Component[]): Entry => entry("bob", 1, ...components);

function entry(who: Who, seq: number, ...components: Component[]): Entry {
  return { who, seq, change: { kind: "edit", file: FILE, operation: op(...components) } };
}

beforeEach(() => {
  log = new CommittedLog("abc", 100);
  room = new RoomClient();
  room.joined(log.joined("ann", undefined));
});

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
  room = new RoomClient();
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
  log = new CommittedLog(text, 1_000_000);
  room = new RoomClient();
  room.joined(log.joined("ann", undefined));
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
  // Change 1 was refused here, and another server committed it all the same.
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
  // A room that is joined again has given out other numbers.
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
  log = new CommittedLog("0123456789abcdef", 100);
  room = new RoomClient();
  room.joined(log.joined("ann", undefined));
  const whole = op(...many);
  room.submit({ kind: "edit", file: FILE, operation: whole });
  expect(room.unsaved).toBe(1);
  for (let submit = room.next(); submit; submit = room.next()) {
    expect(submit.change[2]?.length).toBeLessThanOrEqual(9);
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
  log = new CommittedLog("abc", 1_000_000);
  room = new RoomClient();
  room.joined(log.joined("ann", undefined));
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

function entriesOf(message: ServerMessage): Entry[] {
  return message.type === "entries" ? message.entries : [];
}

/** A client that has misread what Bob did: the log has `logged`, the client was told `forged`. */
function misread(logged: Component[], forged: Component[]): void {
  const { revision } = log;
  bob(...logged);
  room.receive(revision + 1, [others(...forged)]);
}

function bob(...components: Component[]): void {
  const change = ["edit", FILE, components] as ["edit", FILE: string, Component[]];
  const seq = log.settled("bob") + 1;
  log.submit("bob", { type: "submit", seq, revision: log.revision, change });
}

/** Put the next change in flight; the returned function has the log take it. */
function submit(): () => void {
  const next = room.next();
  if (!next) throw new Error("there is nothing to submit");
  return () => log.submit("ann", next);
}

/** Ann is told all that she has not heard. */
function hear(): Received {
  const known = room.revision ?? 0;
  return room.receive(known + 1, entriesOf(log.frame(log.revision - known)));
}

/** The server says what the text comes to, and is asked for it. Returns what Ann sees happen. */
function heal(): Operation | null {
  hear();
  room.verify(log.revision, log.checksums);
  expect(room.reads()).toEqual([FILE]);
  return room.mend(FILE, log.revision, log.text);
}

/** Everything that Ann has is committed. */
function settle(): void {
  while (room.unsaved > 0) {
    const submit = room.inFlight() ?? room.next();
    if (!submit) throw new Error("it waits for ever");
    log.submit("ann", submit);
    hear();
  }
  expect(room.text(FILE)).toBe(log.text);
  room.verify(log.revision, log.checksums);
  expect(room.reads()).toEqual([]);
}

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

/** The work of the room as another page would find it. */
function kept(): Work {
  const work = room.work();
  if (!work) throw new Error("there is nothing to keep");
  return JSON.parse(JSON.stringify(work));
}

/** A new page goes on with Ann's work. */
function goOn(work: Work): void {
  room = new RoomClient();
  room.restore(work);
  expect(room.restored).toBe(true);
  expect(room.joined(log.joined("ann", work.revision, true))).toBeNull();
  expect(room.restored).toBe(false);
}

test("another page goes on with what was in flight and what waited, past what others did", () => {
  edit(3, "d");
  room.next();
  edit(4, "e");
  const work = kept();
  bob("!", 3);
  goOn(work);
  expect(room.text(FILE)).toBe("!abcde");
  expect(room.unsaved).toBe(2);
  expect(room.inFlight()).toEqual({
    type: "submit",
    seq: 1,
    revision: 1,
    change: ["edit", FILE, [4, "d"]],
  });
  settle();
  expect(log.text).toBe("!abcde");
});

test.each([0, 1, 5])(
  "what was in the log by then is not sent again, with %i others before",
  (before) => {
    edit(3, "d");
    const arrive = submit();
    edit(4, "e");
    room.submit({ kind: "language", file: FILE, language: "typescript" });
    const work = kept();
    for (let n = 0; n < before; n++) bob("!", 3 + n);
    arrive();
    bob(log.text.length, "?");
    goOn(work);
    expect(room.inFlight()).toBeNull();
    expect(room.unsaved).toBe(2);
    settle();
    expect(log.text).toBe(`${"!".repeat(before)}abcd?e`.replace("?e", "e?"));
    expect(room.infos[0]?.language).toBe("typescript");
  },
);

test("work is as it stands on the revision that is known", () => {
  edit(3, "d");
  room.next();
  bob("!", 3);
  hear();
  expect(kept()).toEqual({
    revision: 1,
    seq: 1,
    inFlight: { change: ["edit", FILE, [4, "d"]], count: 1, seq: 1 },
    waiting: [],
  });
});

test("who goes on leaves out one number, which the page before may have sent", () => {
  edit(3, "d");
  const arrive = submit();
  const work = kept();
  arrive();
  goOn(work);
  edit(4, "e");
  expect(room.next()).toMatchObject({ seq: 3 });
});

test("there is nothing to keep once all is saved, and nothing new after forgetting", () => {
  expect(room.work()).toBeNull();
  edit(3, "d");
  settle();
  expect(room.work()).toBeNull();
  edit(4, "e");
  room.forget();
  expect(room.work()).toBeUndefined();
});

test.each<[string, (work: Work) => void]>([
  ["when something was sent that it does not name", () => log.submit("ann", sent(1))],
  ["when it does not fit the text", (work) => work.waiting.push(waiting(FILE))],
  ["when it is of no text", (work) => work.waiting.push(waiting("nofile"))],
])("work is not gone on with %s", (_, spoil) => {
  edit(3, "d");
  const work = kept();
  spoil(work);
  expect(() => goOn(work)).toThrow(OperationError);
});

test("work is not gone on with where the log has another change under its number", () => {
  edit(3, "d");
  room.next();
  const work = kept();
  log.submit("ann", sent(1));
  expect(() => goOn(work)).toThrow("another edit");
});

function sent(seq: number) {
  return {
    type: "submit" as const,
    seq,
    revision: 0,
    change: ["edit", FILE, ["x", 3]] as ["edit", string, Component[]],
  };
}

function waiting(file: string): KeptChange {
  return { change: ["edit", file, [7, "x"]], count: 1 };
}
