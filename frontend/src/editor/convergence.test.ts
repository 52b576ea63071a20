/**
 * Simulates several people who edit one file with real CodeMirror states over links that break:
 * messages and acknowledgements get lost, and changes are sent again. In the end everybody has the text
 * of the log, even when pages misread the entries of others, which the checksums reveal.
 *
 * `FUZZ_SEEDS=1000-6000 npx vitest run convergence` runs other seeds.
 */
import { history, redo, undo } from "@codemirror/commands";
import { EditorSelection, EditorState, type Transaction } from "@codemirror/state";
import { expect, test } from "vitest";
import type { ClientMessage, Entry, ServerMessage } from "../link/protocol";
import { Operation } from "../ot";
import { RoomClient } from "../room";
import { CommittedLog, FILE, overTheWire } from "../testing/committedLog";
import { Random } from "../testing/random";
import { collab, isLocalEdit, operationOf, remoteEdit, textOf } from "./collab";
import { upright } from "./upright";

const ROUNDS = 120;
const LONGEST = 60;

/**
 * One person: an editor state and a client of the room, over a link that holds messages in both
 * directions.
 */
class Peer {
  readonly room = new RoomClient();
  readonly name: string;
  state = EditorState.create();
  /** The messages under way; null without a link. */
  link: { toServer: ClientMessage[]; toPeer: ServerMessage[]; settled: number } | null = null;
  /** The percentage of entries that this peer misreads. */
  careless = 0;
  /** The number of times that this peer's text was mended. */
  mended = 0;
  #random: Random;

  constructor(name: string, random: Random) {
    this.name = name;
    this.#random = random;
  }

  connect(log: CommittedLog): void {
    const joined = log.joined(this.name, this.room.revision ?? undefined);
    this.link = { toServer: [], toPeer: [joined], settled: log.settled(this.name) };
  }

  /** Read the next message from the server. */
  read(): void {
    const message = this.link?.toPeer.shift();
    switch (message?.type) {
      case "joined": {
        const received = this.room.joined(message);
        if (received) this.#show(received.edits.get(FILE));
        else this.state = this.#fresh();
        this.#resend();
        break;
      }
      case "entries": {
        const entries = message.entries.map((entry) => this.#misread(entry));
        this.#show(this.room.receive(message.revision, entries).edits.get(FILE));
        break;
      }
      case "checksum":
        this.room.verify(message.revision, message.files);
        break;
      case "text": {
        const edit = this.room.mend(FILE, message.revision, message.text);
        if (edit) this.mended++;
        this.#show(edit);
        this.#resend();
        break;
      }
      case "refused":
        for (const { edit } of this.room.refused(message.seq)) this.#show(edit);
        break;
      case "error":
        if (message.seq === this.room.inFlight()?.seq) {
          expect(this.room.misfit(message.seq ?? 0)).toBe(true);
        }
        break;
    }
    this.#submit();
  }

  #resend(): void {
    const inFlight = this.room.inFlight();
    if (inFlight) this.link?.toServer.push(inFlight);
  }

  /** Do something at random at the keyboard. */
  act(): void {
    if (this.room.revision === null) return;
    const random = this.#random;
    const { doc, selection } = this.state;
    const kind = random.below(10);
    if (kind === 0) undo(this.#target());
    else if (kind === 1) redo(this.#target());
    else if (kind === 2) this.#dispatch(this.state.update({ selection: this.#somewhere() }));
    else if (kind === 3) {
      if (random.below(2) > 0)
        this.room.submit({ kind: "name", name: random.pick(["One", "Two"]) });
      else
        this.room.submit({
          kind: "language",
          file: FILE,
          language: random.pick(["python", "typescript"]),
        });
      this.#submit();
    } else if (kind === 4) {
      // Select any range, which may begin or end inside a character, as an input method may do.
      const [from, to] = [random.below(doc.length + 1), random.below(doc.length + 1)].sort(
        (a, b) => a - b,
      );
      const insert = random.pick(["", random.text(2), "\ud83d", "\ude00", "\0"]);
      const near = Math.min(to ?? 0, (from ?? 0) + 3);
      this.#dispatch(this.state.update({ changes: { from: from ?? 0, to: near, insert } }));
    } else if (kind === 5 && !selection.main.empty) {
      this.#dispatch(this.state.update(this.state.replaceSelection("")));
    } else {
      this.#dispatch(this.state.update(this.state.replaceSelection(random.text(4))));
    }
  }

  #submit(): void {
    for (const file of this.room.reads()) this.link?.toServer.push({ type: "read", file });
    const next = this.link && this.room.revision !== null ? this.room.next() : null;
    if (next) this.link?.toServer.push(next);
  }

  #dispatch(transaction: Transaction): void {
    this.state = upright([transaction]).at(-1)?.state ?? this.state;
    if (isLocalEdit(transaction))
      this.room.submit({ kind: "edit", file: FILE, operation: operationOf(transaction) });
    this.#submit();
  }

  #misread(entry: Entry): Entry {
    const { change } = entry;
    if (!this.careless || change.kind !== "edit" || !this.#random.chance(this.careless)) {
      return entry;
    }
    const components = change.operation.components.map((component) =>
      typeof component === "string" ? this.#random.text(component.length) : component,
    );
    return { ...entry, change: { ...change, operation: new Operation(components) } };
  }

  #target() {
    return { state: this.state, dispatch: (t: Transaction) => this.#dispatch(t) };
  }

  #show(edit: Parameters<typeof remoteEdit>[1] | null | undefined): void {
    if (edit) this.#dispatch(this.state.update(remoteEdit(this.state, edit)));
  }

  #fresh(): EditorState {
    return EditorState.create({
      doc: textOf(this.room.text(FILE)),
      extensions: [collab(() => {}), history(), EditorState.allowMultipleSelections.of(true)],
    });
  }

  #somewhere(): EditorSelection {
    const offset = () => this.#random.below(this.state.doc.length + 1);
    const ranges = Array.from({ length: 1 + this.#random.below(2) }, () =>
      this.#random.chance(50)
        ? EditorSelection.cursor(offset())
        : EditorSelection.range(offset(), offset()),
    );
    return EditorSelection.create(ranges);
  }
}

/** Let the server take a peer's next message and tell everybody the result. */
function serve(log: CommittedLog, peer: Peer, peers: readonly Peer[]): void {
  const message = peer.link?.toServer.shift();
  if (message?.type === "read") {
    const { revision, text } = log;
    peer.link?.toPeer.push(overTheWire({ type: "text", file: FILE, revision, text }));
  }
  if (!peer.link || message?.type !== "submit" || message.seq <= peer.link.settled) return;
  let fate: ReturnType<CommittedLog["submit"]>;
  try {
    fate = log.submit(peer.name, JSON.parse(JSON.stringify(message)));
  } catch {
    // OperationError means that the peer made the change on a text that it had misread.
    const error = { type: "error", code: "invalid_operation", message: "", seq: message.seq };
    peer.link.toPeer.push(overTheWire(error));
    return;
  }
  peer.link.settled = message.seq;
  if (fate === "committed") for (const { link } of peers) link?.toPeer.push(log.frame(1));
  if (fate === "committed" && log.revision % 7 === 0) for (const { link } of peers) sum(log, link);
  if (fate === "refused") {
    const why = { code: "text_too_large", message: "" };
    peer.link.toPeer.push(overTheWire({ type: "refused", seq: message.seq, ...why }));
  }
}

function sum(log: CommittedLog, link: Peer["link"]): void {
  const { revision, checksums } = log;
  link?.toPeer.push(overTheWire({ type: "checksum", revision, files: checksums }));
}

function seeds(): number[] {
  const [from, to] = (import.meta.env.FUZZ_SEEDS ?? "0-400").split("-").map(Number);
  return Array.from({ length: to - from }, (_, index) => from + index);
}

test.each(seeds())("everybody ends with the text of the log, seed %i", (seed) => {
  for (const { mended } of meet(seed, 0)) expect(mended).toBe(0);
});

test.each(seeds())("so do those who misread it, and their work goes on, seed %i", (seed) => {
  meet(seed, 10);
});

test("who misreads is mended", () => {
  expect(meet(1, 10).map(({ mended }) => mended)).not.toContain(0);
});

/** Let people edit while they misread this percentage of the entries; then check the result. */
function meet(seed: number, careless: number): Peer[] {
  const random = new Random(seed);
  const log = new CommittedLog(random.text(10), LONGEST);
  const peers = ["ann", "bob", "cyd", "dan"]
    .slice(0, 2 + random.below(3))
    .map((name) => new Peer(name, random));
  for (const peer of peers) peer.careless = careless;

  for (let round = 0; round < ROUNDS * peers.length; round++) {
    const peer = random.pick(peers);
    const what = random.below(100);
    if (!peer.link) {
      if (what < 15) peer.connect(log);
      else peer.act();
    } else if (what < 40) peer.act();
    else if (what < 70) peer.read();
    else if (what < 97) serve(log, peer, peers);
    else peer.link = null;
    if (peer.room.revision !== null) {
      expect(peer.state.doc.toString()).toBe(peer.room.text(FILE));
    }
  }

  for (const peer of peers) peer.careless = 0;
  quieten(log, peers);
  for (const { link } of peers) sum(log, link);
  quieten(log, peers);

  expect(log.fold()).toBe(log.text);
  expect(log.text).not.toMatch(/[\0\ud800-\udfff]/u);
  const settled = log.entries.map(([client, seq]) => `${client} ${seq}`);
  expect(new Set(settled).size).toBe(settled.length);
  for (const peer of peers) {
    expect(peer.state.doc.toString()).toBe(log.text);
    expect(peer.room.text(FILE)).toBe(log.text);
    expect(peer.room.unsaved).toBe(0);
    expect(peer.room.infos).toEqual(peers[0]?.room.infos);
    expect(peer.room.outline.facts.name).toBe(peers[0]?.room.outline.facts.name);
  }
  return peers;
}

/** Reconnect everybody and deliver all messages that are under way. */
function quieten(log: CommittedLog, peers: readonly Peer[]): void {
  for (let busy = true; busy; ) {
    busy = false;
    for (const peer of peers) {
      if (!peer.link) peer.connect(log);
      while (peer.link && peer.link.toServer.length + peer.link.toPeer.length > 0) {
        busy = true;
        serve(log, peer, peers);
        peer.read();
      }
    }
  }
}
