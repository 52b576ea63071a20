/** One own change that waits to be put in flight. */

import type { Change, FileId, Origin } from "../link/protocol";
import { Batch, type Operation } from "../ot";
import { fileOf } from "./changes";

/** An own change without its entry yet. */
export interface Pending {
  change: Change;
  /** How many changes of the person it holds. */
  count: number;
  /** How it came about; undefined where nobody said it. */
  readonly origin?: Origin | undefined;
}

export class Waiting implements Pending {
  count: number;
  /** Whether it is one edit, which others may join. */
  readonly isEdit: boolean;
  readonly file: FileId | null;
  readonly origin: Origin | undefined;
  #change: Change;
  /** The edit with all that has joined it; null where `#change` says the same. */
  #batch: Batch | null = null;

  constructor(change: Change, count: number, origin?: Origin) {
    this.#change = change;
    this.origin = origin;
    this.count = count;
    this.isEdit = change.kind === "edit";
    this.file = fileOf(change);
  }

  /** What follows the change, as one with it, costs little; to ask for the change costs its length. */
  get change(): Change {
    if (this.#batch && this.#change.kind === "edit") {
      this.#change = { ...this.#change, operation: this.#batch.operation() };
    }
    return this.#change;
  }

  set change(change: Change) {
    this.#change = change;
    this.#batch = null;
  }

  /** Let an edit of the same file follow. Returns whether nothing is left of the two. */
  join(operation: Operation): boolean {
    this.#batch ??= this.#newBatch();
    this.#batch.add(operation);
    this.count++;
    return this.#batch.isNoop();
  }

  #newBatch(): Batch {
    if (this.#change.kind !== "edit") throw new Error("only edits are joined");
    const { operation } = this.#change;
    const batch = new Batch(operation.baseLength, { pending: true });
    batch.add(operation);
    return batch;
  }
}
