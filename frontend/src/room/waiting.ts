/** An own change that waits to be put in flight. */

import type { Change, FileId, Origin } from "../link/protocol";
import { Batch, type Operation } from "../ot";
import { fileOf } from "./changes";

/** An own change that has no entry in the log yet. */
export interface Pending {
  change: Change;
  /** The number of the person's changes that this one contains. */
  count: number;
  /** The origin of the change; undefined when it has none. */
  readonly origin?: Origin | undefined;
}

export class Waiting implements Pending {
  count: number;
  /** Tells whether the change is a single edit, which other edits may join. */
  readonly isEdit: boolean;
  readonly file: FileId | null;
  readonly origin: Origin | undefined;
  #change: Change;
  /** The edit with all edits that have joined it; null while `#change` is complete without it. */
  #batch: Batch | null = null;

  constructor(change: Change, count: number, origin?: Origin) {
    this.#change = change;
    this.origin = origin;
    this.count = count;
    this.isEdit = change.kind === "edit";
    this.file = fileOf(change);
  }

  /**
   * The change with everything that has joined it. To join an edit is cheap; to read the change costs
   * time in proportion to its length.
   */
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

  /** Join a later edit of the same file. Returns whether the two cancel out. */
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
