/** What entries do to a room: to its committed files, to the own work on them, and to what is seen. */

import type { Change, ClientId, Entry, FileId, Stretch } from "../link/protocol";
import { composeAll, type Operation, OperationError } from "../ot";
import { caretAfter, type Edit, editsOf, fileOf, partsOf } from "./changes";
import type { CommittedFiles } from "./files";
import { isOfTheSame, type OwnWork } from "./ownWork";
import type { TreeNode } from "./tree";

/** What entries did. Operations and positions are those of the visible texts. */
export interface Received {
  /** By file, the edit of the visible text that brings it up to date. */
  edits: Map<FileId, Operation>;
  /** By author, own ones included, where their last edit left their caret. */
  carets: Map<ClientId, { file: FileId; position: number }>;
  /** What others did that is no edit, in order; `before` is the node that it is about, as it was. */
  others: { client: ClientId; change: Change; before?: TreeNode | undefined }[];
}

/** Reads entries one after the other; `finish` tells what they came to. */
export class Reading {
  readonly #files: CommittedFiles;
  readonly #work: OwnWork;
  readonly #self: ClientId;
  readonly #received: Received = { edits: new Map(), carets: new Map(), others: [] };
  /** Edits of others that are not read yet: those that follow one another are read as one. */
  #others: Edit[] = [];

  constructor(files: CommittedFiles, work: OwnWork, self: ClientId) {
    this.#files = files;
    this.#work = work;
    this.#self = self;
  }

  /** Others did this. */
  stretch({ changes }: Stretch): void {
    for (const change of changes) this.#commit(change);
  }

  /** A client did this. The own one's, with the number in flight, is the acknowledgement. */
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

  /** Take what another did. Edits are read later, many as one. */
  #commit(change: Change): void {
    for (const part of partsOf(change)) {
      if (part.kind === "edit") this.#others.push(part);
      else this.#files.commit(part);
    }
  }

  finish(): Received {
    this.#readOthers();
    for (const caret of this.#received.carets.values()) {
      caret.position = this.#work.place(caret.file, caret.position);
    }
    return this.#received;
  }

  /** Into the committed texts, then past own work. */
  #readOthers(): void {
    const edits = this.#others;
    this.#others = [];
    for (const file of new Set(edits.map((edit) => edit.file))) {
      const parts = edits.filter((edit) => edit.file === file).map(({ operation }) => operation);
      const operation = composeAll(parts);
      if (this.#files.edit(file, operation)) this.#see(file, operation);
    }
  }

  /** The log has the change in flight; otherwise than we do, if one of us was wrong about a text. */
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

  /** An edit of what own work stands on, among what there is to see. */
  #see(file: FileId, operation: Operation): void {
    const { edits } = this.#received;
    const seen = this.#work.carry(file, operation);
    edits.set(file, edits.get(file)?.compose(seen) ?? seen);
  }

  /** An edit carries the carets before it along, and leaves its author's where it ended. */
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
