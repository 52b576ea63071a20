/** The chunks of one run's output as they come in, each once and in order. */
import { signal } from "@preact/signals";
import type { Part } from "./messages";

export type Reading = "complete" | "reading" | "failed" | "dropped";

export class Output {
  readonly run: number;
  readonly chunks: (readonly Part[])[] = [];
  /** The number of chunks. */
  readonly count = signal(0);
  readonly reading = signal<Reading>("complete");
  /** The number of chunks that the person here does not want to see. */
  readonly cleared = signal(0);
  readonly #read: (run: number) => Promise<Part[][]>;
  #asked: Promise<void> | null = null;
  /** Chunks that were told before those in front of them were read. */
  readonly #early = new Map<number, readonly Part[]>();

  /** `read` must return all chunks of a run so far. */
  constructor(run: number, read: (run: number) => Promise<Part[][]>) {
    this.run = run;
    this.#read = read;
  }

  /** All pieces, in order. */
  *parts(): Generator<Part> {
    for (const chunk of this.chunks) yield* chunk;
  }

  clear(): void {
    this.cleared.value = this.chunks.length;
  }

  /** Take chunk `n`, counted from 1. If one before it is missing, all are read. */
  add(n: number, parts: readonly Part[]): void {
    if (n <= this.chunks.length) return;
    this.#early.set(n, parts);
    this.#append([]);
    if (this.#early.size > 0) void this.fetch();
  }

  /** Read the chunks that are missing. `reading` tells how that went; it never rejects. */
  fetch(): Promise<void> {
    this.#asked ??= this.#fetch().finally(() => {
      this.#asked = null;
    });
    return this.#asked;
  }

  /** Resolves when nothing is being read. */
  async settled(): Promise<void> {
    await this.#asked;
  }

  async #fetch(): Promise<void> {
    this.reading.value = "reading";
    try {
      let before: number;
      do {
        before = this.chunks.length;
        const chunks = await this.#read(this.run);
        this.#append(chunks.slice(this.chunks.length));
        // The answer may be older than what was told meanwhile.
      } while (this.#early.size > 0 && this.chunks.length > before);
      this.reading.value = "complete";
    } catch (error) {
      const dropped = (error as { status?: number }).status === 410;
      this.reading.value = dropped ? "dropped" : "failed";
    }
  }

  /** Add the next chunks, and those after them that came early. */
  #append(chunks: readonly (readonly Part[])[]): void {
    this.chunks.push(...chunks);
    for (const n of [...this.#early.keys()].sort((a, b) => a - b)) {
      const parts = this.#early.get(n);
      if (n > this.chunks.length + 1) break;
      if (parts && n === this.chunks.length + 1) this.chunks.push(parts);
      this.#early.delete(n);
    }
    this.count.value = this.chunks.length;
  }
}
