/** A link to a server's log in memory that holds messages both ways and may break at any time. */
import { CLOSED, type Owner } from "../connection";
import type { Line } from "../exchange";
import type { ClientMessage, ServerMessage } from "../protocol";
import { type CommittedLog, overTheWire } from "./committedLog";

type Join = Extract<ClientMessage, { type: "join" }>;
type Submit = Extract<ClientMessage, { type: "submit" }>;

/** One connection. It may be lost on the page's side and still have messages on their way. */
class Link {
  readonly up: ClientMessage[] = [];
  readonly down: ServerMessage[] = [];
  /** Whose it is, as the server knows since it joined. */
  key: string | null = null;
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
    if (message?.type === "join") this.#join(link, message);
    if (message?.type === "submit" && link.key !== null) this.#submit(link, link.key, message);
    if (link.lost && link.up.length === 0) this.links.splice(this.links.indexOf(link), 1);
  }

  #submit(link: Link, key: string, message: Submit): void {
    const fate = this.log.submit(key, JSON.parse(JSON.stringify(message)));
    if (fate === "committed") {
      for (const other of this.links) if (other.key !== null) other.down.push(this.log.frame(1));
    }
    if (this.log.refused.has(`${key} ${message.seq}`)) {
      const why = { code: "text_too_large", message: "" };
      link.down.push(overTheWire({ type: "refused", seq: message.seq, ...why }));
    }
  }

  #join(link: Link, { key, revision, text }: Join): void {
    for (const other of this.links) {
      // In another server process, what it had sent may still be heard.
      if (other.key === key) other.replaced = true;
    }
    link.key = key;
    link.down.push(this.log.joined(key, revision, text));
  }
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
