/** The threads of comments that the page knows, and the messages of those that were opened. */
import { signal } from "@preact/signals";
import type { TalkApi } from "./api";
import { merged } from "./merged";
import { type Message, type Place, type Thread, wholeThread } from "./messages";

const PAGE = 200;
const MOST_PAGES = 20;

/** The places of a file's threads, as the server last sent them. */
export interface Places {
  file: string;
  revision: number;
  threads: readonly Place[];
}

export class Threads {
  readonly all = signal<ReadonlyMap<number, Thread>>(new Map());
  /** The messages of the threads that were opened, by thread. */
  readonly messages = signal<ReadonlyMap<number, readonly Message[]>>(new Map());
  /** The thread that is to be shown. */
  readonly wanted = signal<number | null>(null);
  readonly places = signal<Places | null>(null);
  readonly #api: TalkApi;
  readonly #warn: (words: string) => void;

  constructor(api: TalkApi, warn: (words: string) => void) {
    this.#api = api;
    this.#warn = warn;
  }

  reset(): void {
    this.all.value = new Map();
    this.messages.value = new Map();
  }

  /** Take threads in, and forget those that are deleted. */
  put(threads: readonly (Partial<Thread> & { id: number; deleted?: boolean })[]): void {
    if (threads.length === 0) return;
    const all = new Map(this.all.peek());
    for (const { deleted, ...thread } of threads) {
      if (deleted) all.delete(thread.id);
      else all.set(thread.id, wholeThread(thread));
    }
    this.all.value = all;
  }

  /** Take in the messages that belong to threads that were opened. */
  putMessages(messages: readonly Message[]): void {
    for (const one of messages) {
      const thread = one.thread ?? 0;
      const here = this.messages.peek().get(thread);
      if (thread && here) this.#set(thread, merged(here, [one]));
    }
  }

  /** Fetch the messages of a thread, unless they are here. */
  async open(thread: number): Promise<void> {
    if (this.messages.peek().has(thread)) return;
    try {
      let found: readonly Message[] = [];
      for (let more = true, pages = 0; more && pages < MOST_PAGES; pages++) {
        const before = found[0] ? `&before=${found[0].number}` : "";
        const page = await this.#api.page(`thread=${thread}&limit=${PAGE}${before}`);
        found = [...page.messages, ...found];
        more = page.more;
      }
      this.#set(thread, merged(this.messages.peek().get(thread) ?? [], found));
    } catch {
      this.#warn("The thread could not be read. Try again online.");
    }
  }

  #set(thread: number, messages: readonly Message[]): void {
    this.messages.value = new Map(this.messages.peek()).set(thread, messages);
  }
}

/** Tell whether the text of a thread is deleted. */
export function isLost({ start, end, quote }: Pick<Thread, "start" | "end" | "quote">): boolean {
  return start === end && quote !== "";
}
