/** The messages of the chat that the page has: the newest, and older ones once the person reads back. */
import { batch, signal } from "@preact/signals";
import type { TalkApi } from "./api";
import { merged } from "./merged";
import type { Message } from "./messages";
import { Quoted } from "./quoted";

/** Messages that stay in memory while nobody reads further back. */
const MOST = 400;
const PAGE = 50;
/** Pages to fetch at most on the way to an old message. */
const MOST_PAGES = 40;

export class Chat {
  /** In order. */
  readonly messages = signal<readonly Message[]>([]);
  /** There are older messages. */
  readonly more = signal(false);
  readonly loading = signal(false);
  /** The message that the chat is to show. */
  readonly wanted = signal<number | null>(null);
  readonly #api: TalkApi;
  readonly #quoted: Quoted;
  readonly #warn: (words: string) => void;

  constructor(api: TalkApi, warn: (words: string) => void) {
    this.#api = api;
    this.#quoted = new Quoted(api);
    this.#warn = warn;
  }

  /** Begin anew with the newest page. */
  reset(page: readonly Message[]): void {
    this.messages.value = [];
    this.more.value = page.length >= PAGE;
  }

  /** Take messages in, those of threads too. */
  put(messages: readonly Message[]): void {
    const first = this.messages.peek()[0]?.number ?? Number.POSITIVE_INFINITY;
    // Older messages that have changed are fetched when the person reads back.
    const within = messages.filter(
      ({ number, thread }) =>
        !thread && (!this.more.peek() || number >= first || this.loading.peek()),
    );
    this.messages.value = merged(this.messages.peek(), within);
    for (const one of messages) this.#quoted.changed(one);
  }

  /** Drop the messages up to a number. */
  clear(number: number): void {
    if ((this.messages.peek()[0]?.number ?? Number.POSITIVE_INFINITY) <= number) {
      this.messages.value = this.messages.peek().filter((one) => one.number > number);
      this.more.value = false;
    }
    this.#quoted.clear(number);
  }

  /** Fetch the messages before the first one here. */
  async fetchOlder(): Promise<void> {
    const first = this.messages.peek()[0];
    if (!first || this.loading.peek() || !this.more.peek()) return;
    this.loading.value = true;
    try {
      const found = await this.#api.page(`before=${first.number}&limit=${PAGE}`);
      batch(() => {
        this.put(found.messages);
        this.more.value = found.more;
      });
    } catch {
      this.#warn("Older messages could not be read. Try again online.");
    } finally {
      this.loading.value = false;
    }
  }

  /** Forget old messages. For a chat that shows its end. */
  trim(): void {
    const all = this.messages.peek();
    if (all.length <= MOST || this.loading.peek()) return;
    batch(() => {
      this.messages.value = all.slice(-MOST / 2);
      this.more.value = true;
    });
  }

  /** Have the chat show a message, also an old one. */
  async goTo(number: number): Promise<void> {
    for (let pages = 0; pages < MOST_PAGES && this.more.peek(); pages++) {
      const first = this.messages.peek()[0]?.number;
      if (first === undefined || first <= number) break;
      await this.fetchOlder();
      if (this.messages.peek()[0]?.number === first) break;
    }
    this.wanted.value = number;
  }

  /**
   * Return a message that another answers: undefined while it is being fetched, null if it is gone.
   * Reads signals.
   */
  answered(number: number): Message | null | undefined {
    return this.messages.value.find((one) => one.number === number) ?? this.#quoted.get(number);
  }
}
