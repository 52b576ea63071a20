/**
 * Holds the changes of one client that are not in the log: at most one in flight, and the others
 * waiting in the order in which they were made. The first applies to the committed room, and each later
 * one to the result of those before it.
 */

import {
  type Change,
  decodeChange,
  encodeChange,
  type FileId,
  type Origin,
  type WireChange,
} from "../link/protocol";
import { codePoints, type Operation, OperationError, transform } from "../ot";
import { type Edit, editsOf, fileOf, partsOf, supersedes, withEdit } from "./changes";
import type { CommittedFiles } from "./files";
import { type Pending, Waiting } from "./waiting";

/** The most bytes of an operation in a submission: some gateways break a connection at a frame over 64 kB. */
const MOST_BYTES = 60_000;

interface InFlight extends Pending {
  change: Change;
  seq: number;
  /**
   * Tells whether the server could not take the change. Then the text that it applies to is read anew,
   * once.
   */
  misfit?: boolean;
}

/**
 * All of a client's work that is not in the log, based on one revision. Another page can continue from
 * it. It is plain data, to be kept on a device.
 */
export interface Work {
  revision: number;
  /** The highest number given to a change so far. */
  seq: number;
  inFlight: (KeptChange & { seq: number }) | null;
  waiting: KeptChange[];
}

export interface KeptChange {
  change: WireChange;
  /** The number of the person's changes that this one contains. */
  count: number;
  origin?: Origin;
}

export class OwnWork {
  #inFlight: InFlight | null = null;
  #waiting: Waiting[] = [];
  /** The highest number given to a change so far. */
  #seq = 0;
  /** The highest number in restored work, until the work has the texts that it applies to. */
  #restored: number | null = null;

  /** The number of the person's changes in this work. */
  get count(): number {
    return [...this.#pending()].reduce((sum, { count }) => sum + count, 0);
  }

  get inFlight(): InFlight | null {
    return this.#inFlight;
  }

  /** The change that can be put in flight now; null when there is none. */
  get upNext(): Change | null {
    return this.#inFlight ? null : (this.#waiting[0]?.change ?? null);
  }

  /** Return all changes that are no edits, in the order in which they were made. */
  choices(): Change[] {
    const waiting = this.#waiting.filter(({ isEdit }) => !isEdit);
    return [this.#inFlight, ...waiting].flatMap((pending) =>
      pending && pending.change.kind !== "edit" ? [pending.change] : [],
    );
  }

  // New work

  /**
   * Add an edit. It joins the last waiting edit of its file, unless a change of another kind was made
   * after that, or the two edits have different origins.
   */
  edit(file: FileId, operation: Operation, origin?: Origin): void {
    const run = this.#waiting.slice(1 + this.#waiting.findLastIndex((waiting) => !waiting.isEdit));
    const last = run.findLast((waiting) => waiting.file === file);
    if (last?.origin !== origin || !last) {
      this.#waiting.push(new Waiting({ kind: "edit", file, operation }, 1, origin));
    } else if (last.join(operation)) this.#waiting.splice(this.#waiting.indexOf(last), 1);
  }

  choose(choice: Change): void {
    this.#waiting.push(new Waiting(choice, 1));
  }

  /** Remove the waiting changes that `choice` makes needless. */
  withdraw(choice: Change): void {
    this.#waiting = this.#waiting.filter(
      (waiting) => waiting.isEdit || !supersedes(choice, waiting.change),
    );
  }

  /**
   * Put the next waiting change in flight. If an edit is too large, only its end goes, and the rest
   * stays waiting.
   */
  launch(mostComponents: number): void {
    const next = this.#inFlight ? undefined : this.#waiting.shift();
    if (!next) return;
    if (next.change.kind === "edit") this.#keepToLimit(next, next.change, mostComponents);
    this.#seq++;
    const { change, count, origin } = next;
    this.#inFlight = { change, count, origin, seq: this.#seq };
  }

  #keepToLimit(next: Waiting, { file, operation }: Edit, mostComponents: number): void {
    if (operation.isWithin(mostComponents, MOST_BYTES)) return;
    const [end, rest] = operation.splitEnd(mostComponents, MOST_BYTES);
    next.change = { kind: "edit", file, operation: end };
    this.#waiting.unshift(
      new Waiting({ kind: "edit", file, operation: rest }, next.count, next.origin),
    );
    next.count = 0;
  }

  // The fate of the change in flight

  /**
   * Remove the change in flight, because its fate is known, and return it. Returns null if no change
   * with this number is in flight.
   */
  settle(seq: number): Change | null {
    if (this.#inFlight?.seq !== seq) return null;
    const { change } = this.#inFlight;
    this.#inFlight = null;
    return change;
  }

  /**
   * Rebase the work on a file over an edit of the committed text. Returns that edit as it applies to
   * the visible text.
   */
  carry(file: FileId, operation: Operation): Operation {
    let carried = operation;
    for (const pending of this.#pending()) {
      const own = editOf(pending.change, file);
      if (!own) continue;
      const [after, rebased] = transform(carried, own.operation);
      pending.change = withEdit(pending.change, file, rebased);
      carried = after;
    }
    return carried;
  }

  /** Apply the work on a file to its committed text. */
  visible(file: FileId, committed: string): string {
    return this.#edits(file).reduce((text, operation) => operation.apply(text), committed);
  }

  /**
   * Return where a position of the committed text is in the visible text: left of own insertions at
   * that place.
   */
  place(file: FileId, position: number): number {
    const edits = this.#edits(file);
    const inside = Math.min(position, edits[0]?.baseLength ?? position);
    return edits.reduce((at, operation) => operation.map(at), inside);
  }

  /** Return the first text of a file that the work adds; undefined when it adds no such file. */
  begun(file: FileId): string | undefined {
    for (const { change } of this.#pending()) {
      for (const part of partsOf(change)) {
        if (part.kind === "add" && part.file === file) return part.text;
      }
    }
    return undefined;
  }

  /** The files whose texts the work changes. */
  get files(): Set<FileId> {
    const parts = [...this.#pending()].flatMap(({ change }) => partsOf(change));
    return new Set(
      parts.flatMap((part) => (part.kind === "edit" || part.kind === "add" ? [part.file] : [])),
    );
  }

  /** Drop the waiting edits of a file that will not exist. */
  drop(file: FileId): void {
    this.#waiting = this.#waiting.filter((waiting) => !waiting.isEdit || waiting.file !== file);
  }

  clear(): void {
    this.#inFlight = null;
    this.#waiting = [];
    this.#restored = null;
  }

  // From page to page

  /** Return the whole work, based on a revision; null when there is none. */
  keep(revision: number): Work | null {
    const own = this.#inFlight;
    if (!own && this.#waiting.length === 0) return null;
    return {
      revision,
      seq: this.#seq,
      inFlight: own && { ...kept(own), seq: own.seq },
      waiting: this.#waiting.map(kept),
    };
  }

  /**
   * Continue the work of an earlier page. Skips one number, because that page may have sent a change
   * that it could not write down.
   */
  restore({ seq, inFlight, waiting }: Work): void {
    this.#seq = seq + 1;
    this.#restored = seq;
    this.#inFlight = inFlight && {
      ...inFlight,
      change: decodeChange(inFlight.change),
    };
    this.#waiting = waiting.map(
      ({ change, count, origin }) => new Waiting(decodeChange(change), count, origin),
    );
  }

  /** Tells whether the work was restored and has not had texts since. */
  get restored(): boolean {
    return this.#restored !== null;
  }

  /**
   * Take note that the log has this client's changes up to this number. Throws OperationError when
   * restored work may be among them.
   */
  logged(seq: number): void {
    if (this.#restored !== null && this.#waiting.length > 0 && seq > this.#restored) {
      throw new OperationError(`change ${seq} is not told of, only ${this.#restored}`);
    }
    this.#seq = Math.max(this.#seq, seq);
  }

  /** Base restored work on these texts. Throws OperationError when it does not fit them. */
  standOn(files: CommittedFiles): void {
    this.#restored = null;
    this.fit(files);
  }

  /** Check that the work fits these texts. Throws OperationError when it does not. */
  fit(files: CommittedFiles): void {
    const lengths = new Map<FileId, number>();
    for (const { change } of this.#pending()) {
      for (const part of partsOf(change)) {
        if (part.kind === "add") lengths.set(part.file, codePoints(part.text));
        if (part.kind === "language" && !lengths.has(part.file)) files.node(part.file);
        if (part.kind !== "edit") continue;
        const { file, operation } = part;
        const length = lengths.get(file) ?? files.content(file).length;
        if (operation.baseLength !== length) {
          throw new OperationError(`kept work spans ${operation.baseLength} of ${length}`);
        }
        lengths.set(file, operation.targetLength);
      }
    }
  }

  *#pending(): Iterable<Pending> {
    if (this.#inFlight) yield this.#inFlight;
    yield* this.#waiting;
  }

  #edits(file: FileId): Operation[] {
    const edits: Operation[] = [];
    for (const { change } of this.#pending()) {
      const edit = editOf(change, file);
      if (edit) edits.push(edit.operation);
    }
    return edits;
  }
}

function editOf(change: Change, file: FileId): Edit | undefined {
  return editsOf(change).find((edit) => edit.file === file);
}

/** Tell whether two changes are of the same kind, and about the same file or none. */
export function isOfTheSame(one: Change, other: Change): boolean {
  return one.kind === other.kind && fileOf(one) === fileOf(other);
}

function kept({ change, count, origin }: Pending): KeptChange {
  return { change: encodeChange(change), count, ...(origin && { origin }) };
}
