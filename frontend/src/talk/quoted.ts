/** Old messages that the chat shows only because newer ones answer them. */
import { signal } from "@preact/signals";
import type { TalkApi } from "./api";
import type { Message } from "./messages";

export class Quoted {
  readonly #api: TalkApi;
  /** Null: it is gone. */
  readonly #all = signal<ReadonlyMap<number, Message | null>>(new Map());
  readonly #asked = new Set<number>();

  constructor(api: TalkApi) {
    this.#api = api;
  }

  /** A message; null if it is gone, undefined while it is fetched. Reads a signal. */
  get(number: number): Message | null | undefined {
    if (!this.#all.value.has(number) && !this.#asked.has(number)) {
      this.#asked.add(number);
      void this.#fetch(number);
    }
    return this.#all.value.get(number);
  }

  /** Take a message as it is now. */
  changed(message: Message): void {
    if (this.#all.peek().has(message.number)) this.#put(message.number, message);
  }

  /** Drop those up to a number: they are gone. */
  clear(last: number): void {
    const all = new Map(this.#all.peek());
    for (const number of all.keys()) if (number <= last) all.set(number, null);
    this.#all.value = all;
  }

  async #fetch(number: number): Promise<void> {
    try {
      const { messages } = await this.#api.page(`after=${number - 1}&limit=1`);
      this.#put(number, messages.find((one) => one.number === number) ?? null);
    } catch {
      this.#asked.delete(number); // it is asked for again when the chat is shown anew
    }
  }

  #put(number: number, message: Message | null): void {
    this.#all.value = new Map(this.#all.peek()).set(number, message);
  }
}
