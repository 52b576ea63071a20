/** One client, Ann's, of a log in memory. A new one is made before each test of a file that imports this module. */
import { beforeEach, expect } from "vitest";
import type { Entry, ServerMessage, Who } from "../link/protocol";
import { type Component, Operation } from "../ot";
import { type KeptChange, type Received, RoomClient, type Work } from "../room";
import { CommittedLog, FILE } from "./committedLog";

export let log: CommittedLog;
export let room: RoomClient;

/** Make a log with this text, of at most so many code points, which Ann joins. */
export function begin(text: string, most: number): void {
  log = new CommittedLog(text, most);
  renew();
  room.joined(log.joined("ann", undefined));
}

/** Ann has another page, which knows nothing yet. */
export function renew(): void {
  room = new RoomClient();
}

beforeEach(() => begin("abc", 100));

export const op = (...components: Component[]) => new Operation(components);

export const edit = (...components: Component[]) =>
  room.submit({ kind: "edit", file: FILE, operation: op(...components) });

export const others = (...components: Component[]): Entry => entry("bob", 1, ...components);

export function entry(who: Who, seq: number, ...components: Component[]): Entry {
  return { who, seq, change: { kind: "edit", file: FILE, operation: op(...components) } };
}

export function entriesOf(message: ServerMessage): Entry[] {
  return message.type === "entries" ? message.entries : [];
}

/** A client that has misread what Bob did: the log has `logged`, the client was told `forged`. */
export function misread(logged: Component[], forged: Component[]): void {
  const { revision } = log;
  bob(...logged);
  room.receive(revision + 1, [others(...forged)]);
}

export function bob(...components: Component[]): void {
  const change = ["edit", FILE, components] as ["edit", FILE: string, Component[]];
  const seq = log.settled("bob") + 1;
  log.submit("bob", { type: "submit", seq, revision: log.revision, change });
}

/** Put the next change in flight; the returned function has the log take it. */
export function submit(): () => void {
  const next = room.next();
  if (!next) throw new Error("there is nothing to submit");
  return () => log.submit("ann", next);
}

/** Ann is told all that she has not heard. */
export function hear(): Received {
  const known = room.revision ?? 0;
  return room.receive(known + 1, entriesOf(log.frame(log.revision - known)));
}

/** The server says what the text comes to, and is asked for it. Returns what Ann sees happen. */
export function heal(): Operation | null {
  hear();
  room.verify(log.revision, log.checksums);
  expect(room.reads()).toEqual([FILE]);
  return room.mend(FILE, log.revision, log.text);
}

/** Everything that Ann has is committed. */
export function settle(): void {
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

/** The work of the room as another page would find it. */
export function kept(): Work {
  const work = room.work();
  if (!work) throw new Error("there is nothing to keep");
  return JSON.parse(JSON.stringify(work));
}

/** A new page goes on with Ann's work. */
export function goOn(work: Work): void {
  renew();
  room.restore(work);
  expect(room.restored).toBe(true);
  expect(room.joined(log.joined("ann", work.revision, true))).toBeNull();
  expect(room.restored).toBe(false);
}

export function sent(seq: number) {
  return {
    type: "submit" as const,
    seq,
    revision: 0,
    change: ["edit", FILE, ["x", 3]] as ["edit", string, Component[]],
  };
}

export function waiting(file: string): KeptChange {
  return { change: ["edit", file, [7, "x"]], count: 1 };
}
