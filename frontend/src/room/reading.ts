/**
 * Applies entries to a room: to its committed files, to the own work based on them, and to the visible
 * texts.
 */

import type { Change, ClientId, Entry, FileId, Stretch } from "../link/protocol";
import { composeAll, type Operation, OperationError } from "../ot";
import { caretAfter, type Edit, editsOf, fileOf, partsOf } from "./changes";
import type { CommittedFiles } from "./files";
import { isOfTheSame, type OwnWork } from "./ownWork";
import type { TreeNode } from "./tree";

/** The effect of entries. Operations and positions refer to the visible texts. */
export interface Received {
  /** By file, the edit that brings the visible text up to date. */
  edits: Map<FileId, Operation>;
  /** By author, including this client, the place where the last edit left the author's caret. */
  carets: Map<ClientId, { file: FileId; position: number }>;
  /**
   * Changes by others that are no edits, in order. `before` is the node that the change is about, as it
   * was.
   */
  others: { client: ClientId; change: Change; before?: TreeNode | undefined }[];
}

/** Reads entries one after the other. `finish` returns their effect. */
export class Reading {
  readonly #files: CommittedFiles;
  readonly #work: OwnWork;
  readonly #self: ClientId;
  readonly #received: Received = { edits: new Map(), carets: new Map(), others: [] };
  /** Edits of others that are not applied yet. Successive edits are applied as one. */
  #others: Edit[] = [];

  readonly #lazy: boolean;

  /** A lazy reading does not hold the files that others add. */
  constructor(files: CommittedFiles, work: OwnWork, self: ClientId, lazy = false) {
    this.#lazy = lazy;
    this.#files = files;
    this.#work = work;
    this.#self = self;
  }

  /** Read a stretch of changes by others. */
  stretch({ changes }: Stretch): void {
    for (const change of changes) this.#commit(change);
  }

  /** Read an entry. An entry of this client with the number in flight is the acknowledgement. */
  entry(client: ClientId, { seq, change }: Entry): void {
    this.#follow(client, change);
    if (client === this.#self && seq === this.#work.inFlight?.seq) {
      this.#readOthers();
      this.#acknowledge(seq, change);
      return;
    }
    const file = fileOf(change);
    const before = file === null ? undefined : this.#files.tree.get(file);
    this.#commit(change);
    if (change.kind !== "edit") this.#received.others.push({ client, change, before });
  }

  /** Apply a change by somebody else. Edits are collected and applied later, many as one. */
  #commit(change: Change): void {
    for (const part of partsOf(change)) {
      if (part.kind === "edit") this.#others.push(part);
      else this.#files.commit(part);
      // The text of a file that somebody else adds is read when it is wanted.
      if (part.kind === "add" && this.#lazy) this.#files.drop(part.file);
    }
  }

  finish(): Received {
    this.#readOthers();
    for (const caret of this.#received.carets.values()) {
      caret.position = this.#work.place(caret.file, caret.position);
    }
    return this.#received;
  }

  /** Apply the collected edits to the committed texts, and rebase the own work over them. */
  #readOthers(): void {
    const edits = this.#others;
    this.#others = [];
    for (const file of new Set(edits.map((edit) => edit.file))) {
      const parts = edits.filter((edit) => edit.file === file).map(({ operation }) => operation);
      const operation = composeAll(parts);
      // The edits of a file without a text here are still needed to move carets.
      if (this.#files.edit(file, operation) || !this.#files.has(file)) this.#see(file, operation);
    }
  }

  /**
   * Settle the change in flight, which is in the log now. The log's version differs from this client's
   * if one of the two was wrong about a text.
   */
  #acknowledge(seq: number, change: Change): void {
    const own = this.#work.settle(seq);
    if (!own || !isOfTheSame(own, change)) {
      throw new OperationError("the acknowledged change is not the one in flight");
    }
    const logged = partsOf(change);
    for (const [index, part] of partsOf(own).entries()) this.#settle(part, logged[index]);
  }

  #settle(own: Change, logged: Change | undefined): void {
    if (!logged || !isOfTheSame(own, logged)) {
      throw new OperationError("the acknowledged change is not the one in flight");
    }
    if (own.kind === "edit" && logged.kind === "edit") {
      const edit = this.#files.acknowledge(own.file, own.operation, logged.operation);
      if (edit) this.#see(own.file, edit);
    } else {
      this.#files.commit(logged);
    }
  }

  /** Rebase the own work over an edit of a committed text, and add the edit to the visible ones. */
  #see(file: FileId, operation: Operation): void {
    const { edits } = this.#received;
    const seen = this.#work.carry(file, operation);
    edits.set(file, edits.get(file)?.compose(seen) ?? seen);
  }

  /**
   * Move the carets of earlier authors along with an edit, and put its author's caret where the edit
   * ends.
   */
  #follow(client: ClientId, change: Change): void {
    const { carets } = this.#received;
    for (const { file, operation } of editsOf(change)) {
      for (const caret of carets.values()) {
        if (caret.file === file) caret.position = operation.map(caret.position);
      }
    }
    const position = caretAfter(change);
    const file = fileOf(change);
    if (position !== null && file !== null) carets.set(client, { file, position });
  }
}
