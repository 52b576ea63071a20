/**
 * A link to a server's log in memory that holds messages both ways and may break at any time.
 *
 * It answers as a real server does: tests/vectors/conversations.json is held with both.
 */
import { CLOSED, type Owner } from "../link/connection";
import type { Line } from "../link/events";
import type { ClientMessage, ServerMessage } from "../link/protocol";
import { OperationError } from "../ot";
import { type CommittedLog, FILE, overTheWire } from "./committedLog";

type Join = Extract<ClientMessage, { type: "join" }>;
type Submit = Extract<ClientMessage, { type: "submit" }>;

/** One connection. It may be lost on the page's side and still have messages on their way. */
export class Link {
  readonly up: ClientMessage[] = [];
  readonly down: ServerMessage[] = [];
  /** The client of this wire, as the server knows since it joined. */
  key: string | null = null;
  /** The highest of its numbers that is in the log, or was refused over this link. */
  settled = 0;
  /** The server has closed it: another has joined with its key. */
  replaced = false;
  /** The page is not there any more. */
  lost = false;
}

/** Speaks with everybody about one log. */
export class Server {
  readonly log: CommittedLog;
  readonly links: Link[] = [];
  readonly wires: Wire[] = [];

  constructor(log: CommittedLog) {
    this.log = log;
  }

  connect(owner: Owner): Wire {
    const wire = new Wire(owner, this.links);
    this.wires.push(wire);
    return wire;
  }

  /** Take the next message of a link, and tell everybody what it did. */
  serve(link: Link): void {
    const message = link.up.shift();
    if (message) this.#hear(link, message);
    if (link.lost && link.up.length === 0) this.links.splice(this.links.indexOf(link), 1);
  }

  #hear(link: Link, message: ClientMessage): void {
    if (message.type === "ping") link.down.push({ type: "pong" });
    else if (message.type === "join") this.#join(link, message);
    else if (link.key === null) complain(link, "not_joined");
    else if (message.type === "submit") this.#submit(link, link.key, message);
    else if (message.type === "read") this.#read(link, message.file);
  }

  #read(link: Link, file: string): void {
    const { revision, text } = this.log;
    if (file !== FILE) complain(link, "unknown_file");
    else link.down.push({ type: "text", file, revision, text });
  }

  #submit(link: Link, key: string, message: Submit): void {
    const { seq } = message;
    if (seq <= link.settled) return;
    if (message.revision > this.log.revision) {
      complain(link, "unknown_revision", seq);
      return;
    }
    try {
      const fate = this.log.submit(key, JSON.parse(JSON.stringify(message)));
      link.settled = seq;
      if (fate === "committed") {
        for (const other of this.links) if (other.key !== null) other.down.push(this.log.frame(1));
      } else if (fate === "refused") {
        link.down.push({ type: "refused", seq, code: "text_too_large", message: "" });
      }
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      complain(link, "invalid_operation", seq);
    }
  }

  #join(link: Link, { key, revision, text }: Join): void {
    const tooNew = revision !== undefined && revision > this.log.revision;
    if (link.key !== null || tooNew) {
      complain(link, tooNew ? "unknown_revision" : "already_joined");
      return;
    }
    for (const other of this.links) {
      // In another server process, what it had sent may still be heard.
      if (other.key === key) other.replaced = true;
    }
    link.key = key;
    link.settled = this.log.settled(key);
    link.down.push(this.log.joined(key, revision, text));
  }
}

function complain(link: Link, code: string, seq?: number): void {
  link.down.push(overTheWire({ type: "error", code, message: "", seq }));
}

/** A page's end: one link after the other. */
export class Wire implements Line {
  link: Link | null = null;
  readonly #links: Link[];
  readonly #owner: Owner;
  #live = false;
  #stopped = false;

  constructor(owner: Owner, links: Link[]) {
    this.#owner = owner;
    this.#links = links;
  }

  get mayOpen(): boolean {
    return !this.link && !this.#stopped;
  }

  open(): void {
    this.link = new Link();
    this.#links.push(this.link);
    this.#owner.linkChanged({ state: "connecting", restarting: false });
    this.link.up.push(this.#owner.join());
  }

  /** Read the next message, or that the server has closed the link. */
  read(): void {
    const message = this.link?.down.shift();
    if (!message) {
      if (this.link?.replaced) this.#closed();
      return;
    }
    try {
      if (message.type === "joined") {
        this.#live = true;
        this.#owner.linkChanged({ state: "live" });
      }
      this.#owner.receive(message);
    } catch (error) {
      this.#owner.confused(error);
    }
  }

  /** The link breaks, and so many of the messages to the server still arrive. */
  lose(arriving = 0): void {
    this.#drop(arriving);
    this.#owner.linkChanged({ state: "offline" });
  }

  send(message: ClientMessage): void {
    if (this.#live) this.link?.up.push(message);
  }

  retryNow(): void {
    this.#stopped = false;
  }

  restart(): void {
    if (!this.#stopped) this.lose();
  }

  close(): void {
    this.#stopped = true;
    this.#drop(Number.POSITIVE_INFINITY);
  }

  #drop(arriving: number): void {
    this.#live = false;
    if (!this.link) return;
    this.link.up.length = Math.min(this.link.up.length, arriving);
    this.link.lost = true;
    if (this.link.up.length === 0) this.#links.splice(this.#links.indexOf(this.link), 1);
    this.link = null;
  }

  #closed(): void {
    this.#owner.closed(CLOSED.replaced);
    this.lose();
  }
}
