/**
 * Asks the worker which sections a text changes. It asks about one text at a time, and always about the
 * latest one.
 */
import type { Update } from "./sections";

export class Renderer {
  #worker: Worker | null = null;
  #waiting: string | null = null;
  #busy = false;
  readonly #show: (update: Update) => void;
  readonly #fail: () => void;

  constructor(show: (update: Update) => void, fail: () => void) {
    this.#show = show;
    this.#fail = fail;
  }

  render(text: string): void {
    this.#waiting = text;
    if (!this.#busy) this.#next();
  }

  end(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  #next(): void {
    const text = this.#waiting;
    this.#waiting = null;
    this.#busy = text !== null;
    if (text !== null) this.#start().postMessage(text);
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Update>) => {
      this.#show(data);
      this.#next();
    };
    worker.onerror = () => {
      this.end();
      this.#busy = false;
      this.#fail();
    };
    this.#worker = worker;
    return worker;
  }
}
