/** The common part of the workers of all languages: they report what the program does, and give it its input. */
import type { Asked, Said } from "./order";

export function say(said: Said): void {
  postMessage(said);
}

/** The input that people type. `read` waits for more; it gives null at the end. */
export class Input {
  #text = "";
  #ended = false;
  #wake: (() => void) | null = null;

  give({ input = "", end = false }: Asked): void {
    this.#text += input;
    this.#ended ||= end;
    this.#wake?.();
  }

  /** Return the input that has arrived, null at the end, or undefined if the caller would have to wait. */
  now(): string | null | undefined {
    const text = this.#text;
    this.#text = "";
    return text || (this.#ended ? null : undefined);
  }

  async read(): Promise<string | null> {
    for (;;) {
      const text = this.now();
      if (text !== undefined) return text;
      say({ waiting: true });
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
      say({ waiting: false });
    }
  }
}

/** Take the first message, which is the order, and give `input` all later ones. */
export function begin<T>(run: (start: T, input: Input) => Promise<void>): void {
  const input = new Input();
  let started = false;
  addEventListener("message", ({ data }) => {
    if (data.beat) {
      say({ beat: true });
      return;
    }
    if (started) {
      input.give(data);
      return;
    }
    started = true;
    run(data, input).catch((error) => {
      say({ ended: { reason: "failed", words: String(error) } });
    });
  });
}
