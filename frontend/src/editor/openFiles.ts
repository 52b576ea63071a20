/** Keeps which files a person has open, in which order, and which one is shown. */
import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { FileId } from "../link/protocol";

export class OpenFiles {
  readonly #order = signal<readonly FileId[]>([]);
  readonly #active = signal<FileId | null>(null);
  /** The files that were shown, most recent first. */
  readonly #recent = signal<readonly FileId[]>([]);
  /**
   * The file that the person here asked for last. A file that is shown in place of a removed one does
   * not count.
   */
  wanted: FileId | null = null;
  /** The open files in the order of the tabs. */
  readonly order: ReadonlySignal<readonly FileId[]> = this.#order;
  readonly active: ReadonlySignal<FileId | null> = this.#active;
  readonly recent: ReadonlySignal<readonly FileId[]> = this.#recent;

  show(id: FileId): void {
    batch(() => {
      if (!this.#order.peek().includes(id)) this.#order.value = [...this.#order.peek(), id];
      this.#active.value = id;
      this.#recent.value = [id, ...without(this.#recent.peek(), id)];
    });
  }

  /** Set the list of files that were shown, most recent first. */
  remember(recent: readonly FileId[]): void {
    this.#recent.value = recent;
  }

  /** Add files to the open ones, after the others. */
  add(ids: readonly FileId[]): void {
    const order = this.#order.peek();
    this.#order.value = [...order, ...ids.filter((id) => !order.includes(id))];
  }

  /** Return the file to show after this one is closed: the one that was shown before it. */
  nextAfter(id: FileId): FileId | null {
    if (this.#active.peek() !== id) return this.#active.peek();
    const left = without(this.#order.peek(), id);
    return this.#recent.peek().find((other) => left.includes(other)) ?? left[0] ?? null;
  }

  close(id: FileId): void {
    const next = this.nextAfter(id);
    batch(() => {
      this.#order.value = without(this.#order.peek(), id);
      this.#recent.value = without(this.#recent.peek(), id);
      if (next === null) this.#active.value = null;
      else if (next !== this.#active.peek()) this.show(next);
    });
  }

  /** Move a file's tab to an index, counted from 0. */
  move(id: FileId, to: number): void {
    const left = without(this.#order.peek(), id);
    if (left.length === this.#order.peek().length) return;
    this.#order.value = [...left.slice(0, to), id, ...left.slice(to)];
  }
}

function without(ids: readonly FileId[], id: FileId): FileId[] {
  return ids.filter((other) => other !== id);
}
