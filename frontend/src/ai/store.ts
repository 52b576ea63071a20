/** Keeps what the page knows of AI in a room, and the questions that were asked there. */
import { signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import {
  AiError,
  type AiState,
  agree,
  allow,
  answer,
  type Question,
  readState,
  type Source,
  type Turn,
} from "./api";

/** The owner of the room has turned AI on or off in it. */
interface AiSwitched {
  type: "ai";
  on: boolean;
}

/** A question, and its answer as far as it has come. */
export interface Exchange {
  id: number;
  question: string;
  /** The subject of the question, in words. */
  about: string;
  text: string;
  model: string;
  sources: readonly Source[];
  state: "running" | "whole" | "stopped" | "failed";
  /** Why it failed. */
  words: string;
}

/** Answers that go along with the next question. */
const EARLIER = 3;
const LONGEST = 20_000;
/** Refusals after which the state is read again. */
const CHANGED = new Set(["ai_off", "ai_off_here", "ai_off_for_you", "ai_not_agreed"]);

export class AiStore {
  /** Null until it is read. */
  readonly state = signal<AiState | null>(null);
  readonly unread = signal("");
  readonly exchanges = signal<readonly Exchange[]>([]);
  readonly #room: string;
  #reading: Promise<void> | null = null;
  #abort: AbortController | null = null;
  #last = 0;

  constructor(room: string, session: Pick<RoomContext["session"], "hear">) {
    this.#room = room;
    session.hear((message) => {
      if (message.type !== "ai" || !this.state.peek()) return;
      if (!(message as AiSwitched).on) this.stop();
      // What is being read may be older than this.
      void Promise.resolve(this.#reading).then(() => this.read());
    });
  }

  /** Read the state, once at a time. */
  read(): Promise<void> {
    this.#reading ??= readState(this.#room)
      .then(
        (state) => {
          this.state.value = state;
          this.unread.value = "";
        },
        (error: Error) => {
          this.unread.value = error.message;
        },
      )
      .finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }

  async choose(agreed: boolean): Promise<void> {
    await agree(agreed);
    await this.read();
  }

  async allow(allowed: boolean): Promise<void> {
    this.state.value = await allow(this.#room, allowed);
  }

  /** Read the state again where a refusal says that it has changed. */
  noticed(error: unknown): void {
    if (error instanceof AiError && CHANGED.has(error.code)) void this.read();
  }

  /**
   * Ask, and have the answer come into `exchanges`. An answer that is under way stops. Returns the exchange
   * once it has ended.
   */
  async ask(asked: Question, about: string): Promise<Exchange> {
    this.stop();
    const abort = new AbortController();
    this.#abort = abort;
    const id = ++this.#last;
    const earlier = this.exchanges
      .peek()
      .flatMap(turnsOf)
      .slice(-2 * EARLIER);
    let exchange: Exchange = {
      id,
      question: asked.question,
      about,
      text: "",
      model: "",
      sources: [],
      state: "running",
      words: "",
    };
    this.exchanges.value = [...this.exchanges.peek(), exchange];
    const change = (changed: Partial<Exchange>) => {
      exchange = { ...exchange, ...changed };
      this.exchanges.value = this.exchanges.peek().map((one) => (one.id === id ? exchange : one));
    };
    try {
      const path = `/rooms/${this.#room}/ai/ask`;
      const begin = ({ model, sources }: { model: string; sources: readonly Source[] }) =>
        change({ model, sources });
      for await (const text of answer(path, { ...asked, earlier }, abort.signal, { begin })) {
        change({ text: exchange.text + text });
      }
      change({ state: "whole" });
    } catch (error) {
      this.noticed(error);
      if (abort.signal.aborted) change({ state: "stopped" });
      else change({ state: "failed", words: error instanceof Error ? error.message : "" });
    } finally {
      if (this.#abort === abort) this.#abort = null;
    }
    return exchange;
  }

  stop(): void {
    this.#abort?.abort();
  }
}

function turnsOf({ question, text, state }: Exchange): Turn[] {
  if (state !== "whole" || !text) return [];
  return [
    { role: "user", text: question.slice(0, LONGEST) },
    { role: "assistant", text: text.slice(0, LONGEST) },
  ];
}

const stores = new WeakMap<RoomContext["session"], AiStore>();

export function aiOf({ id, session }: Pick<RoomContext, "id" | "session">): AiStore {
  let store = stores.get(session);
  if (!store) {
    store = new AiStore(id, session);
    stores.set(session, store);
  }
  return store;
}
