/**
 * The changes of one client that are not in the log: one in flight at most, the others waiting in the
 * order of their making. They stand on what is committed, each upon those before it.
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

/** Of an operation in a submission: some gateways break a connection at a frame over 64 kB. */
const MOST_BYTES = 60_000;

interface InFlight extends Pending {
  change: Change;
  seq: number;
  /** The server could not take it, so the text it was made on is read anew, once. */
  misfit?: boolean;
}

/**
 * All of a client's work that is not in the log, as it stands on a revision: enough for another page
 * to go on with it. Plain data, to be kept on a device.
 */
export interface Work {
  revision: number;
  /** The highest number given out. */
  seq: number;
  inFlight: (KeptChange & { seq: number }) | null;
  waiting: KeptChange[];
}

export interface KeptChange {
  change: WireChange;
  /** How many changes of the person it holds. */
  count: number;
  origin?: Origin;
}

export class OwnWork {
  #inFlight: InFlight | null = null;
  #waiting: Waiting[] = [];
  /** The highest number given out. */
  #seq = 0;
  /** The highest number that restored work names, until it has the texts it stands on. */
  #restored: number | null = null;

  /** How many changes of the person it holds. */
  get count(): number {
    return [...this.#pending()].reduce((sum, { count }) => sum + count, 0);
  }

  get inFlight(): InFlight | null {
    return this.#inFlight;
  }

  /** What may be put in flight now. */
  get upNext(): Change | null {
    return this.#inFlight ? null : (this.#waiting[0]?.change ?? null);
  }

  /** All that are no edits, in the order of their making. */
  choices(): Change[] {
    const waiting = this.#waiting.filter(({ isEdit }) => !isEdit);
    return [this.#inFlight, ...waiting].flatMap((pending) =>
      pending && pending.change.kind !== "edit" ? [pending.change] : [],
    );
  }

  // New work

  /**
   * An edit joins the last waiting edit of its file, unless a choice was made after that, or the two
   * came about otherwise.
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

  /** Have nothing wait that `choice` makes needless. */
  withdraw(choice: Change): void {
    this.#waiting = this.#waiting.filter(
      (waiting) => waiting.isEdit || !supersedes(choice, waiting.change),
    );
  }

  /** Put what is up next in flight. Of an edit that is too large all but the end goes on waiting. */
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

  // What becomes of it

  /** The change in flight under this number is settled. Null where there is no such. */
  settle(seq: number): Change | null {
    if (this.#inFlight?.seq !== seq) return null;
    const { change } = this.#inFlight;
    this.#inFlight = null;
    return change;
  }

  /** Carry an edit of what it stands on past it: it is rebased. Returns the visible edit. */
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

  /** A committed text with the work on it. */
  visible(file: FileId, committed: string): string {
    return this.#edits(file).reduce((text, operation) => operation.apply(text), committed);
  }

  /** Where a position of the committed text is in the visible one, left of own insertions there. */
  place(file: FileId, position: number): number {
    const edits = this.#edits(file);
    const inside = Math.min(position, edits[0]?.baseLength ?? position);
    return edits.reduce((at, operation) => operation.map(at), inside);
  }

  /** The first text of a file that is to be added; undefined where none is called so. */
  begun(file: FileId): string | undefined {
    for (const { change } of this.#pending()) {
      for (const part of partsOf(change)) {
        if (part.kind === "add" && part.file === file) return part.text;
      }
    }
    return undefined;
  }

  /** Drop the edits that wait for a file which will not be there. */
  drop(file: FileId): void {
    this.#waiting = this.#waiting.filter((waiting) => !waiting.isEdit || waiting.file !== file);
  }

  clear(): void {
    this.#inFlight = null;
    this.#waiting = [];
    this.#restored = null;
  }

  // From page to page

  /** All of it, standing on a revision; null where there is none. */
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

  /** One number is left out: the page before may have sent one that was not written down any more. */
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

  /** Whether it was restored and has not stood on texts since. */
  get restored(): boolean {
    return this.#restored !== null;
  }

  /** The log has numbers up to this one. Throws OperationError where restored work may be in it. */
  logged(seq: number): void {
    if (this.#restored !== null && this.#waiting.length > 0 && seq > this.#restored) {
      throw new OperationError(`change ${seq} is not told of, only ${this.#restored}`);
    }
    this.#seq = Math.max(this.#seq, seq);
  }

  /** Restored work has these texts to stand on. Throws OperationError where it does not fit them. */
  standOn(files: CommittedFiles): void {
    this.#restored = null;
    this.fit(files);
  }

  /** Throws OperationError where it does not fit these texts. */
  fit(files: CommittedFiles): void {
    const lengths = new Map<FileId, number>();
    for (const { change } of this.#pending()) {
      for (const part of partsOf(change)) {
        if (part.kind === "add") lengths.set(part.file, codePoints(part.text));
        if (part.kind === "language" && !lengths.has(part.file)) files.content(part.file);
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

/** Whether two changes are of one kind, and of one file or of none. */
export function isOfTheSame(one: Change, other: Change): boolean {
  return one.kind === other.kind && fileOf(one) === fileOf(other);
}

function kept({ change, count, origin }: Pending): KeptChange {
  return { change: encodeChange(change), count, ...(origin && { origin }) };
}
