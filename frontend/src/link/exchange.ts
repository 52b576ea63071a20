/**
 * Exchanges messages between one client and its room: it sends own changes and takes in others' until
 * all changes are durable.
 *
 * A change is written to the device before it is sent; work/journal.ts tells why.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { type KnownTexts, RoomClient, type Work } from "../room";
import type { Tree } from "../room/tree";
import type { Author } from "../work/author";
import { Journal } from "../work/journal";
import { CLOSED, type Link } from "./connection";
import type { Events, Line, Listener, Phase, Place } from "./events";
import { Listeners, publish } from "./listeners";
import {
  type Change,
  type ClientMessage,
  type Entry,
  type Facts,
  type FileId,
  type Joined,
  type Origin,
  type ServerMessage,
  UnknownChange,
  VERSION,
} from "./protocol";
import { Trial } from "./trial";

/** The file that a page assumes before it knows anything about its room. */
const FIRST_FILE = "main";

/** CLOSING: errors that a close code repeats. TURNED_AWAY: errors that are told to the person. */
const CLOSING = new Set(["room_not_found", "ask_to_enter", "unsupported_protocol", "join_timeout"]);
const TURNED_AWAY = new Set([
  "host_not_allowed",
  "origin_not_allowed",
  "room_full",
  "server_full",
  "too_fast",
  "too_many_sockets",
  "too_much_unfinished",
  "too_slow",
]);

export class Exchange {
  readonly room = new RoomClient(true);
  readonly #phase = signal<Phase>("opening");
  readonly #link = signal<Link>({ state: "connecting", restarting: false });
  readonly #unsaved = signal(0);
  readonly #savingSince = signal<number | null>(null);
  readonly #facts = signal<Facts>(this.room.outline.facts);
  readonly #tree = signal<Tree>(this.room.outline.tree);
  readonly #updatedAt = signal<number | null>(null);

  readonly phase: ReadonlySignal<Phase> = this.#phase;
  readonly link: ReadonlySignal<Link> = this.#link;
  /** Changes that are not acknowledged as durable; 0 is "Saved". */
  readonly unsaved: ReadonlySignal<number> = this.#unsaved;
  /** The time at which the change in flight was first sent, in ms since 1970; null if there is none. */
  readonly savingSince: ReadonlySignal<number | null> = this.#savingSince;
  /** The facts of the room besides its files, including own pending changes. */
  readonly facts: ReadonlySignal<Facts> = this.#facts;
  /** The files, folders and assets of the room, with own changes that are pending. */
  readonly tree: ReadonlySignal<Tree> = this.#tree;
  /** The time of the last committed change, in ms since 1970. */
  readonly updatedAt: ReadonlySignal<number | null> = this.#updatedAt;

  /** The number of unsaved changes that this device keeps; null if it cannot keep any. */
  readonly kept: ReadonlySignal<number | null> = computed(
    () => this.#journal.value?.kept.value ?? null,
  );

  readonly #place: Place;
  readonly #listeners: Listeners<Events>;
  readonly #journal = signal<Journal | null>(null);
  #key = "";
  #line: Line | null = null;
  /** The number of writes that the change in flight waits for. */
  #writing = 0;
  /** The time at which this link went live, in ms since 1970. */
  #liveSince = 0;
  readonly #trial = new Trial();
  #patience: ReturnType<typeof setTimeout> | undefined;
  #turnedAway: string | null = null;
  #saving: number | undefined;

  constructor(place: Place, listeners: readonly Listener[] = []) {
    this.#place = place;
    this.#listeners = new Listeners(listeners);
  }

  /** Add listeners. They are told of each event in this order. */
  listen(...listeners: Listener[]): void {
    this.#listeners.add(listeners);
  }

  /** Join, and continue the author's work. `texts` must have the revision of that work, if there is any. */
  start(author: Author, texts: KnownTexts | null = null): void {
    this.#become(author);
    this.#restore(author.work, texts);
    publish(this.#unsaved, this.room.unsaved);
    this.#showFacts();
    this.#line = this.#place.connect({
      join: () => this.#join(),
      receive: (message) => this.#receive(message),
      confused: (error) => this.#confused(error),
      linkChanged: (link) => {
        publish(this.#link, link);
        if (link.state !== "live") this.#keepAsItIs();
      },
      closed: (code) => this.#closed(code),
    });
  }

  #restore(work: Work | null, texts: KnownTexts | null): void {
    if (texts) this.room.open(texts);
    if (!work) return;
    try {
      this.room.restore(work);
    } catch {
      // Texts and work have one revision but do not fit, so one is wrong. The server has the texts.
      this.room.forget();
      this.room.restore(work);
    }
  }

  /** Leave the work to another page that has claimed it, and start again as this author. */
  become(author: Author): void {
    this.room.forget();
    this.#become(author);
    this.#line?.restart();
    this.#line?.retryNow();
  }

  get live(): boolean {
    return this.#link.peek().state === "live";
  }

  /** Tells whether work would be lost if the page ended now. */
  get atRisk(): boolean {
    return this.room.unsaved > 0 && !this.#journal.peek()?.complete;
  }

  /** Take a change that the person here makes. */
  submit(change: Change, origin?: Origin): void {
    this.#listeners.tell("submitted");
    this.room.submit(change, origin);
    this.#submit(change.kind !== "edit");
  }

  /** Ask for the text of a file, which `came` tells of. */
  want(file: FileId): void {
    this.room.want(file);
    if (this.live) this.#read();
  }

  send(message: ClientMessage): void {
    this.#line?.send(message);
  }

  retryNow(): void {
    this.#line?.retryNow();
  }

  /** Write the work now, because the page may be left. */
  flush(): void {
    this.#keepAsItIs();
    this.#journal.peek()?.flush();
  }

  async close(): Promise<void> {
    clearTimeout(this.#patience);
    this.#line?.close();
    await this.#journal.peek()?.close();
  }

  /** Write the work again. Others' entries may have moved it, and a later page needs it on the last texts. */
  #keepAsItIs(): void {
    if (this.room.unsaved > 0) this.#journal.peek()?.moved();
  }

  #become({ key, claim, work }: Author): void {
    this.#key = key;
    const subject = {
      room: this.#place.room,
      key,
      work: () => this.room.work(),
      lost: () => this.#listeners.tell("replaced"),
    };
    this.#journal.peek()?.abandon();
    this.#journal.value = new Journal(this.#place.shelf, claim, subject, work);
  }

  #join(): ClientMessage {
    const { revision } = this.room;
    const profile = this.#place.profile();
    const key = this.#key;
    const at = Date.now();
    const { holds } = this.room;
    const join = { type: "join", protocol: VERSION, key, at, holds, ...profile } as const;
    if (revision === null) return holds.length > 0 ? join : { ...join, holds: [FIRST_FILE] };
    return this.room.restored ? { ...join, revision, text: true } : { ...join, revision };
  }

  // Messages from the server

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case "joined":
        this.#joined(message);
        break;
      case "entries":
        this.#entries(message.revision, message.entries);
        break;
      case "checksum":
        this.room.verify(message.revision, message.files);
        this.#submit();
        break;
      case "text":
        this.#mend(message.file, message.revision, message.text);
        break;
      case "refused":
        this.#refused(message.seq, message.message);
        break;
      case "error":
        this.#error(message.code, message.message, message.seq);
        break;
      case "person":
        this.room.meet(message.client, message.number);
        this.#listeners.tell("people", message);
        break;
      case "authors":
        this.#listeners.tell("authors", message.authors);
        break;
      case "presence":
      case "left":
        this.#listeners.tell("people", message);
        break;
      default:
        this.#listeners.tell("told", message);
    }
  }

  #entries(first: number, entries: Entry[]): void {
    const received = this.room.receive(first, entries);
    publish(this.#updatedAt, Date.now());
    this.#listeners.tell("received", received);
    this.#submit();
  }

  #joined(message: Joined): void {
    const { unsaved } = this.room;
    const received = this.room.joined(message);
    publish(this.#updatedAt, message.updated_at);
    this.#listeners.tell("joined", message, received, unsaved);
    publish(this.#phase, "open");
    this.#turnedAway = null;
    this.#liveSince = Date.now();
    const inFlight = this.room.inFlight();
    // The server refused this change, but its page could not write that down any more.
    if (inFlight && inFlight.seq <= message.seq) this.#refused(inFlight.seq, "it was refused.");
    this.#say();
    this.#submit();
  }

  #mend(file: FileId, revision: number, text: string): void {
    const isNew = !this.room.has(file);
    const edit = this.room.mend(file, revision, text);
    if (isNew && this.room.has(file)) this.#listeners.tell("came", file);
    if (edit) this.#listeners.tell("mended", file, edit);
    // The edit may have altered the change in flight.
    if (this.room.inFlight()) this.#launch();
    this.#submit();
  }

  #refused(seq: number, why: string): void {
    const refused = this.room.refused(seq);
    if (refused.length === 0) return;
    for (const { file, edit, lost } of refused) {
      this.#listeners.tell("refused", file, edit, lost, why);
    }
    this.#submit();
  }

  /** The server reports an error of this client. */
  #error(code: string, words: string, seq: number | undefined): void {
    if (CLOSING.has(code)) return;
    if (TURNED_AWAY.has(code)) {
      // Tell this once, however often the connection tries again.
      if (this.#turnedAway !== words) this.#listeners.tell("turnedAway", words);
      this.#turnedAway = words;
      return;
    }
    const ours = seq !== undefined && seq === this.room.inFlight()?.seq;
    if (ours && code === "invalid_operation" && this.room.misfit(seq)) this.#submit();
    else if (ours || code === "unknown_revision" || code === "in_flight") this.#beginAgain();
    else if (!this.live) this.#line?.restart();
  }

  /** A message does not fit the state of this client. */
  #confused(error: unknown): void {
    if (error instanceof UnknownChange) {
      publish(this.#phase, "outdated");
      this.#line?.close();
    } else {
      this.#beginAgain();
    }
  }

  #beginAgain(): void {
    const work = this.room.work();
    this.room.forget();
    if (work) this.#listeners.tell("gaveUp", work);
    this.#line?.restart();
  }

  #closed(code: number): void {
    const inFlight = this.room.inFlight();
    if (code === CLOSED.missing || code === CLOSED.removed) publish(this.#phase, "missing");
    if (code === CLOSED.asks) publish(this.#phase, "asks");
    if (code === CLOSED.outdated) publish(this.#phase, "outdated");
    if (inFlight && code === CLOSED.tooLarge) this.#refused(inFlight.seq, "it is too large.");
    if (inFlight && this.#trial.closed(inFlight.seq, code)) {
      this.#refused(inFlight.seq, "the connection broke each time that it was sent.");
    }
    if (code === CLOSED.replaced) void this.#replaced();
  }

  /** There was a later join with the same key. If no other page has the key, it was this page's own. */
  async #replaced(): Promise<void> {
    const journal = this.#journal.peek();
    const mine = await journal?.mine();
    // The journal may have noticed by itself meanwhile.
    if (!mine && journal === this.#journal.peek()) this.#listeners.tell("replaced");
  }

  // Messages to the server

  /** Send what can be sent now. `changed` says that the work differs though its number of changes is the same. */
  #submit(changed = false): void {
    this.#read();
    const { unsaved } = this.room;
    this.#journal.peek()?.settled(Math.max(0, this.#unsaved.peek() - unsaved));
    if (this.live && this.room.next()) this.#launch();
    else if (changed || unsaved !== this.#unsaved.peek()) this.#journal.peek()?.touch();
    publish(this.#unsaved, unsaved);
    const saving = this.room.inFlight()?.seq;
    if (saving !== this.#saving) {
      this.#saving = saving;
      publish(this.#savingSince, saving === undefined ? null : Date.now());
    }
    this.#showFacts();
  }

  #read(): void {
    for (const file of this.room.reads()) this.send({ type: "read", file });
  }

  #showFacts(): void {
    const { facts, tree } = this.room.outline;
    publish(this.#tree, tree);
    if (JSON.stringify(facts) !== JSON.stringify(this.#facts.peek())) publish(this.#facts, facts);
  }

  /** Write the change in flight to the device, then send it. */
  #launch(): void {
    this.#writing++;
    this.#journal
      .peek()
      ?.written()
      .then(() => {
        this.#writing--;
        this.#say();
      });
  }

  /** Send the change in flight, after a link went live or the change was altered. */
  #say(): void {
    const inFlight = this.live && this.#writing === 0 ? this.room.inFlight() : null;
    clearTimeout(this.#patience);
    if (!inFlight) return;
    const { seq } = inFlight;
    const wait = this.#liveSince + this.#trial.patience(seq) - Date.now();
    if (wait > 0) {
      this.#patience = setTimeout(() => this.#say(), wait);
      return;
    }
    this.#trial.sent(seq);
    this.send(inFlight);
  }
}
