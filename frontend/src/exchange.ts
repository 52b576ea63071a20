/** What goes to and fro between one client and its room: own changes out, news in, until all is durable. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { CLOSED, Connection, type Link } from "./connection";
import type { Operation } from "./ot";
import {
  type ClientMessage,
  type FileId,
  type Joined,
  type Language,
  type Profile,
  type ServerMessage,
  UnknownChange,
  VERSION,
} from "./protocol";
import { type Received, RoomClient } from "./room";

/** "missing": there is no such room. "outdated": the page must be loaded anew. */
export type Phase = "opening" | "open" | "missing" | "outdated";

type Arrival = Extract<ServerMessage, { type: "person" | "presence" | "left" }>;

/** Who shows what comes. */
export interface Screen {
  profile(): Profile;
  /** `received` is what entries did; null: all texts came anew, and `unsaved` changes are in none. */
  joined(message: Joined, received: Received | null, unsaved: number): void;
  received(received: Received): void;
  people(message: Arrival): void;
  /** A text that we had otherwise is the room's again, by this edit of the visible one. */
  mended(file: FileId, edit: Operation): void;
  /** A change will not be saved: if it is an edit, it leaves the visible text by this one. */
  refused(file: FileId | null, edit: Operation | null, lost: string, why: string): void;
  /** Another page has joined with our key. */
  replaced(): void;
  /** The server does not let us in, now or at all. */
  turnedAway(why: string): void;
}

/** Errors that the close code after them says again, and those that are for the person. */
const CLOSING = new Set(["room_not_found", "unsupported_protocol", "join_timeout"]);
const TURNED_AWAY = new Set([
  "origin_not_allowed",
  "room_full",
  "server_full",
  "too_fast",
  "too_many_sockets",
]);

export class Exchange {
  readonly room = new RoomClient();
  readonly #phase = signal<Phase>("opening");
  readonly #link = signal<Link>({ state: "connecting", restarting: false });
  readonly #unsaved = signal(0);
  readonly #name = signal<string | null>(null);
  readonly #updatedAt = signal<number | null>(null);

  readonly phase: ReadonlySignal<Phase> = this.#phase;
  readonly link: ReadonlySignal<Link> = this.#link;
  /** Changes that are not acknowledged as durable; 0 is "Saved". */
  readonly unsaved: ReadonlySignal<number> = this.#unsaved;
  /** What the room is called; null until somebody says so. */
  readonly name: ReadonlySignal<string | null> = this.#name;
  /** When the last change was committed, in ms since 1970. */
  readonly updatedAt: ReadonlySignal<number | null> = this.#updatedAt;

  readonly #screen: Screen;
  readonly #key = randomKey();
  readonly #connection: Connection;
  #turnedAway: string | null = null;

  constructor(url: string, screen: Screen) {
    this.#screen = screen;
    this.#connection = new Connection(url, {
      join: () => this.#join(),
      receive: (message) => this.#receive(message),
      confused: (error) => this.#confused(error),
      linkChanged: (link) => {
        this.#link.value = link;
      },
      closed: (code) => this.#closed(code),
    });
  }

  get live(): boolean {
    return this.#link.peek().state === "live";
  }

  edit(file: FileId, operation: Operation): void {
    this.room.edit(file, operation);
    this.#submit();
  }

  setLanguage(file: FileId, language: Language): void {
    this.room.setLanguage(file, language);
    this.#submit();
  }

  setName(name: string): void {
    this.room.setName(name);
    this.#submit();
  }

  send(message: ClientMessage): void {
    this.#connection.send(message);
  }

  retryNow(): void {
    this.#connection.retryNow();
  }

  close(): void {
    this.#connection.close();
  }

  #join(): ClientMessage {
    const { revision } = this.room;
    const profile = this.#screen.profile();
    const key = this.#key;
    const at = Date.now();
    const join = { type: "join", protocol: VERSION, key, at, ...profile } as const;
    return revision === null ? join : { ...join, revision };
  }

  // What the server says

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case "joined":
        this.#joined(message);
        break;
      case "entries":
        this.#updatedAt.value = Date.now();
        this.#screen.received(this.room.receive(message.revision, message.entries));
        this.#submit();
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
      case "person":
        this.room.meet(message.client, message.number);
        this.#screen.people(message);
        break;
      case "presence":
      case "left":
        this.#screen.people(message);
        break;
      case "error":
        this.#error(message.code, message.message, message.seq);
        break;
    }
  }

  #joined(message: Joined): void {
    this.#updatedAt.value = message.updated_at;
    const { unsaved } = this.room;
    this.#screen.joined(message, this.room.joined(message), unsaved);
    this.#phase.value = "open";
    this.#turnedAway = null;
    this.#resend();
    this.#submit();
  }

  #mend(file: FileId, revision: number, text: string): void {
    const edit = this.room.mend(file, revision, text);
    if (edit) this.#screen.mended(file, edit);
    this.#resend();
    this.#submit();
  }

  #refused(seq: number, why: string): void {
    const refused = this.room.refused(seq);
    if (!refused) return;
    this.#screen.refused(refused.file, refused.edit, refused.lost, why);
    this.#submit();
  }

  /** The server thinks that we are wrong. */
  #error(code: string, words: string, seq: number | undefined): void {
    if (CLOSING.has(code)) return;
    if (TURNED_AWAY.has(code)) {
      // Said once, however often it is tried again.
      if (this.#turnedAway !== words) this.#screen.turnedAway(words);
      this.#turnedAway = words;
      return;
    }
    const ours = seq !== undefined && seq === this.room.inFlight()?.seq;
    if (ours && code === "invalid_operation" && this.room.misfit(seq)) this.#submit();
    else if (ours || code === "unknown_revision" || code === "in_flight") this.#beginAgain();
    else if (!this.live) this.#connection.restart();
  }

  /** What came makes no sense on what we hold. */
  #confused(error: unknown): void {
    if (error instanceof UnknownChange) {
      this.#phase.value = "outdated";
      this.#connection.close();
    } else {
      this.#beginAgain();
    }
  }

  #beginAgain(): void {
    this.room.forget();
    this.#connection.restart();
  }

  #closed(code: number): void {
    const inFlight = this.room.inFlight();
    if (code === CLOSED.missing) this.#phase.value = "missing";
    if (code === CLOSED.outdated) this.#phase.value = "outdated";
    if (code === CLOSED.tooLarge && inFlight) this.#refused(inFlight.seq, "it is too large.");
    if (code === CLOSED.replaced) this.#screen.replaced();
  }

  // What we say

  #resend(): void {
    const inFlight = this.room.inFlight();
    if (inFlight) this.#connection.send(inFlight);
  }

  /** Send what may be sent now. */
  #submit(): void {
    for (const file of this.room.reads()) this.#connection.send({ type: "read", file });
    const next = this.live ? this.room.next() : null;
    if (next) this.#connection.send(next);
    this.#unsaved.value = this.room.unsaved;
    this.#name.value = this.room.name;
  }
}

/** Random, and kept in memory alone: a duplicated tab is another client. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
