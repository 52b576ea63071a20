/** Sends the messages of the person here, one after the other, until the server has kept or refused each. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import type { Said, TalkMessage } from "./messages";
import { Outbox, type Pending, randomHex, type Storage } from "./outbox";

/** ms. */
const NO_ANSWER = 10_000;
const RETRY = 1000;
/** Refusals after which a message is sent again by itself. */
const PASSING = new Set(["unavailable", "too_many_messages"]);

export class Sending {
  readonly #session: RoomContext["session"];
  readonly #outbox: Outbox;
  readonly #pending = signal<readonly Pending[]>([]);
  readonly pending: ReadonlySignal<readonly Pending[]> = this.#pending;
  /** The server takes messages from the person here. */
  #open = false;
  #inFlight: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(room: RoomContext, storage: Storage) {
    this.#session = room.session;
    this.#outbox = new Outbox(storage, room.id);
    this.#changed();
  }

  /** Begin to send, also messages that other tabs have written. */
  open(): void {
    this.#open = true;
    this.#outbox.read();
    this.#changed();
    this.#next();
  }

  /** Send nothing until `open`. */
  close(): void {
    this.#open = false;
    this.#inFlight = null;
    clearTimeout(this.#timer);
  }

  /** Say something. It is kept on this device until the server has it. */
  say(said: Omit<Said, "nonce">): void {
    const at = Math.max(Date.now(), (this.pending.peek().at(-1)?.at ?? 0) + 1);
    this.#outbox.put({ nonce: randomHex(16), at, ...said });
    this.#changed();
    if (!this.#outbox.kept) {
      this.#session.say(
        "warn",
        "This device cannot keep messages. Leave the page open until they are sent.",
      );
    }
    this.#next();
  }

  retry(pending: Pending): void {
    const { refused: _, ...again } = pending;
    this.#outbox.put(again);
    this.#changed();
    this.#next();
  }

  /** Give up a message that is not sent. */
  discard(nonce: string): void {
    this.#outbox.drop(nonce);
    this.#settled(nonce);
  }

  said(nonce: string): void {
    this.#outbox.drop(nonce);
    this.#settled(nonce);
  }

  unsaid({ nonce, code, message, wait }: Extract<TalkMessage, { type: "unsaid" }>): void {
    const pending = this.#outbox.all.find((one) => one.nonce === nonce);
    if (!nonce || !pending) {
      if (!nonce) this.#session.say("warn", message);
    } else if (PASSING.has(code)) {
      if (code === "too_many_messages") this.#session.say("info", message);
      this.#again(Math.max(RETRY, (wait ?? 0) * 1000));
    } else {
      this.#outbox.put({ ...pending, refused: message });
      this.#settled(nonce);
    }
  }

  #changed(): void {
    this.#pending.value = this.#outbox.all;
  }

  #next(): void {
    if (!this.#open || this.#inFlight !== null) return;
    const next = this.#outbox.all.find(({ refused }) => refused === undefined);
    if (!next) return;
    const { at: _at, refused: _refused, ...said } = next;
    this.#inFlight = next.nonce;
    this.#session.send({ type: "say", ...said });
    // The connection may be dead. The server keeps a message once, however often it is sent.
    this.#again(NO_ANSWER);
  }

  #again(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#inFlight = null;
      this.#next();
    }, wait);
  }

  #settled(nonce: string): void {
    this.#changed();
    if (this.#inFlight !== nonce) return;
    clearTimeout(this.#timer);
    this.#inFlight = null;
    this.#next();
  }
}
