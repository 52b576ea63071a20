/**
 * Simulates several people who change the tree of a room and type into its files, over links that break
 * and from pages that are closed and continued by others. Each seed is a test: `FUZZ_SEEDS=1000-6000
 * npx vitest run treeConvergence`.
 */
import { expect, test } from "vitest";
import type { Change, ClientMessage, Entry, Joined } from "../link/protocol";
import { Operation } from "../ot";
import { seeds } from "../testing/merged";
import { Random } from "../testing/random";
import { TreeLog } from "../testing/treeLog";
import { RoomClient, type Work } from ".";
import { partsOf } from "./changes";
import { keyOf } from "./names";
import type { TreeNode } from "./tree";

type Submit = Extract<ClientMessage, { type: "submit" }>;
type Told = { joined: Joined } | { first: number; entries: Entry[] } | { refused: number };

const NAMES = ["a.py", "A.py", "b.md", "é", "e\u0301", "lib", "src"];
let letters = 0x4e00;
let ids = 0;

class Peer {
  room = new RoomClient();
  /** The words that this person typed, unless they were refused. */
  readonly typed = new Set<string>();
  readonly up: Submit[] = [];
  readonly down: Told[] = [];
  linked = false;

  readonly name: string;
  readonly log: TreeLog;
  readonly random: Random;

  constructor(name: string, log: TreeLog, random: Random) {
    this.name = name;
    this.log = log;
    this.random = random;
  }

  act(): void {
    const { room, random } = this;
    if (room.revision === null || room.restored) return;
    const nodes = [...room.outline.tree];
    const change = random.chance(40) ? this.#edit(nodes) : this.#arrange(nodes);
    if (random.chance(85) || change.kind === "edit") room.submit(change);
    else {
      const second = this.#arrange(nodes);
      room.submit({ kind: "many", changes: [change, second], cause: "replace" });
    }
  }

  #edit(nodes: readonly TreeNode[]): Change {
    const files = nodes.filter(({ kind }) => kind === "file");
    const file = this.random.pick(files).id;
    const length = [...this.room.text(file)].length;
    const at = this.random.below(length + 1);
    const letter = String.fromCodePoint(letters++);
    this.typed.add(letter);
    return { kind: "edit", file, operation: new Operation([at, letter, length - at]) };
  }

  #arrange(nodes: readonly TreeNode[]): Change {
    const { random } = this;
    const folders = nodes.filter(({ kind }) => kind === "folder").map(({ id }) => id);
    const parent = random.pick(["", ...folders, ...folders]);
    const name = random.pick(NAMES);
    const node = random.pick(nodes);
    switch (random.below(6)) {
      case 0:
        return { kind: "add", file: `n${ids++}`, name, parent, text: "", language: null };
      case 1:
        return { kind: "folder", id: `n${ids++}`, parent, name };
      case 2:
        return { kind: "remove", id: node.id };
      case 3:
        return { kind: "restore", id: node.id, parent: node.parent, name: node.name };
      default:
        return {
          kind: "move",
          id: node.id,
          parent: random.chance(30) ? node.parent : parent,
          name,
        };
    }
  }

  /** Connect again, with the known revision and the change in flight. */
  link(): void {
    this.linked = true;
    const { revision, restored } = this.room;
    this.down.push({ joined: this.log.joined(this.name, revision ?? undefined, restored) });
  }

  /** Break the link and lose everything on it. */
  break(): void {
    this.linked = false;
    this.up.length = 0;
    this.down.length = 0;
  }

  /** Close the page, and let another page continue its work. */
  succeed(): void {
    this.break();
    const work = this.room.work();
    this.room = new RoomClient();
    if (work) this.room.restore(JSON.parse(JSON.stringify(work)) as Work);
  }

  hear(): void {
    const told = this.down.shift();
    if (!told) return;
    if ("joined" in told) {
      this.room.joined(told.joined);
      const own = this.room.inFlight();
      if (own && own.seq <= told.joined.seq) this.#refused(own.seq);
      else if (own) this.up.push(own);
    } else if ("refused" in told) this.#refused(told.refused);
    else this.room.receive(told.first, told.entries);
    expect(this.room.reads()).toEqual([]);
    this.send();
  }

  send(): void {
    const next = this.linked && this.down.every((told) => !("joined" in told)) && this.room.next();
    if (next) this.up.push(next);
  }

  #refused(seq: number): void {
    for (const { lost } of this.room.refused(seq)) {
      for (const letter of lost) this.typed.delete(letter);
    }
  }
}

/** Commit the oldest submission of a peer, and send the result to everybody. */
function deliver(peer: Peer, peers: readonly Peer[], log: TreeLog): void {
  const submit = peer.up.shift();
  if (!submit) return;
  const outcome = log.submit(peer.name, submit);
  if (outcome === "refused") peer.down.push({ refused: submit.seq });
  if (outcome !== "committed") return;
  for (const other of peers) {
    if (!other.linked) continue;
    other.down.push({ first: log.revision, entries: log.since(log.revision - 1) });
  }
}

function meet(seed: number): { log: TreeLog; peers: Peer[] } {
  const random = new Random(seed);
  const log = new TreeLog(
    { kind: "add", file: "main", name: "main.py", parent: "", text: "abc", language: null },
    { kind: "folder", id: "lib", parent: "", name: "lib" },
  );
  const peers = ["ann", "bob", "cyd"].map((name) => new Peer(name, log, random));
  for (const peer of peers) peer.link();
  for (let step = 0; step < 250; step++) {
    const peer = random.pick(peers);
    if (random.chance(25)) peer.act();
    else if (random.chance(40)) deliver(peer, peers, log);
    else if (random.chance(4)) peer.break();
    else if (random.chance(3)) peer.succeed();
    else if (peer.linked) peer.hear();
    else if (random.chance(30)) peer.link();
    peer.send();
  }
  for (const peer of peers) if (!peer.linked) peer.link();
  const busy = () => peers.some(({ up, down, room }) => up.length + down.length + room.unsaved > 0);
  for (let step = 0; busy(); step++) {
    if (step > 5000) throw new Error("it never becomes quiet");
    const peer = random.pick(peers);
    if (random.chance(50)) deliver(peer, peers, log);
    else peer.hear();
    peer.send();
  }
  return { log, peers };
}

test.each(seeds(200))("everybody ends with the tree and the texts of the log, seed %i", (seed) => {
  const { log, peers } = meet(seed);
  const numbers = log.entries.map(({ who, seq }) => `${who} ${seq}`);
  expect(new Set(numbers).size).toBe(numbers.length);
  const { tree } = log.files;
  const texts = new Map(log.files.ids.map((id) => [id, log.files.content(id).text]));
  for (const { room } of peers) {
    expect([...room.outline.tree]).toEqual(expect.arrayContaining([...tree]));
    expect([...room.outline.tree]).toHaveLength([...tree].length);
    for (const [file, text] of texts) expect(room.text(file)).toBe(text);
  }
  const names = [...tree]
    .filter(({ removed }) => !removed)
    .map(({ parent, name }) => `${parent}/${keyOf(name)}`);
  expect(new Set(names).size).toBe(names.length);
  for (const { id } of tree) expect(tree.above(id).at(-1)?.parent).toBe("");
  const all = [...texts.values()].join("");
  for (const { typed } of peers) {
    for (const letter of typed) expect(all.split(letter)).toHaveLength(2);
  }
});

test("what can go wrong does", () => {
  const logs = Array.from({ length: 30 }, (_, seed) => meet(seed).log);
  const changes = logs.flatMap((log) => log.since(2).flatMap(({ change }) => partsOf(change)));
  const count = (is: (change: Change) => boolean) => changes.filter(is).length;
  expect(count(({ kind }) => kind === "restore")).toBeGreaterThan(20);
  expect(count((change) => "name" in change && change.name.includes("_2"))).toBeGreaterThan(20);
  expect(count(({ kind }) => kind === "edit")).toBeGreaterThan(100);
});
