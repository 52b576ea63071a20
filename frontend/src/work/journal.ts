/**
 * Keeps the work of one page on its device until it is in the log. A page that comes later goes on
 * with it; see salvage.ts.
 *
 * Rule 1: what a record has waiting is sent only once another record names its number and what it is.
 *         So what waits in a record was never sent: to go on from it loses nothing and doubles
 *         nothing, however old it is. Where the record has nothing waiting, a change is sent while
 *         it is written (the answer of the storage comes a frame late), but not two of them: so
 *         who goes on leaves out one number, and is never taken for the page before. It writes
 *         before its own first change, and so does a page that does not know whether it has the claim.
 * Rule 2: what waits is written soon after, and at once when the page is left.
 * Rule 3: the record goes once there is nothing to keep. One left behind is harmless.
 * Rule 4: storage that is missing, full, broken or slow holds nothing up for longer than `PATIENCE`.
 *         Where a record cannot be written the one before is removed: by then it breaks rule 1. Should
 *         that fail as well, whoever finds it sees by the numbers in the log that it is not true.
 * Rule 5: only who holds the claim writes. Who has lost it gives the key up.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { publish } from "../link/listeners";
import type { Work } from "../room";
import type { Claim } from "./claims";
import { countOf, workRecord } from "./records";
import type { Shelf } from "./shelf";

/** ms that a change waits to be written, at most, before it is sent all the same. */
const PATIENCE = 500;
/** ms from a change to its record; more where writing is slow, so that it takes a tenth of the time. */
const PAUSE = 100;
const SHARE = 9;
/** ms until storage that has failed is tried again. */
const TRY_AGAIN = 5000;

export interface Subject {
  room: string;
  key: string;
  /** What is to be kept. Null: nothing. Undefined: what was kept last is still the best. */
  work(): Work | null | undefined;
  /** Another page may have gone on with the work. */
  lost(): void;
}

export class Journal {
  readonly #shelf: Shelf;
  readonly #subject: Subject;
  readonly #kept = signal<number | null>(null);
  /** How many changes the record holds; null while this device keeps nothing. */
  readonly kept: ReadonlySignal<number | null> = this.#kept;
  #claim: Claim | null = null;
  #closed = false;
  #lost = false;
  /** Counts what has happened to the work, and tells up to where it is written. */
  #mark = 0;
  #requested = 0;
  #settled = 0;
  #written = 0;
  /** There may be a record. */
  #there: boolean;
  /** The record has changes waiting, or may be that of another page. */
  #waits: boolean;
  /** How many requests the storage has not answered. */
  #asked = 0;
  #latest: Promise<void> = Promise.resolve();
  #took = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `before` is what the record has that this page goes on with. */
  constructor(shelf: Shelf, claim: Promise<Claim>, subject: Subject, before: Work | null) {
    this.#shelf = shelf;
    this.#subject = subject;
    this.#there = before !== null;
    this.#waits = before !== null;
    claim.then(
      (held) => {
        if (this.#closed) return held.release();
        this.#claim = held;
        publish(this.#kept, before ? countOf(before) : 0);
        if (this.#mark > 0) this.#write();
      },
      () => {}, // there is no storage: kept in this tab
    );
  }

  /** Whether all there is to keep is written. */
  get complete(): boolean {
    return this.#kept.peek() !== null && this.#written === this.#mark;
  }

  /** Whether nobody else goes on with the work. Without a claim nobody knows of it. */
  async mine(): Promise<boolean> {
    try {
      return (await this.#claim?.holds()) ?? !this.#lost;
    } catch {
      return true;
    }
  }

  /** So many changes less are to be kept; a record has them until the next is written. */
  settled(count: number): void {
    this.#settled += count;
    const kept = this.#kept.peek();
    if (kept !== null) publish(this.#kept, Math.max(0, kept - count));
  }

  /** The work is another: write it soon. */
  touch(): void {
    this.#mark++;
    this.#timer ??= setTimeout(() => this.#write(), this.#pause());
  }

  /** The work is another, and a part of it is about to be sent. Resolves when that may be. */
  written(): Promise<void> {
    this.#mark++;
    const busy = this.#asked > 0;
    const healthy = this.#kept.peek() !== null;
    const writing = this.#write();
    const matters = busy || this.#waits;
    return healthy && matters ? this.#atMost(PATIENCE, writing) : Promise.resolve();
  }

  /** The page may be left now. */
  flush(): void {
    if (this.#requested !== this.#mark) this.#write();
  }

  /** Writes what is left to write, and lets the record go. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#written !== this.#mark) await this.#atMost(PATIENCE, this.#write());
    this.abandon();
  }

  /** Writes nothing any more. */
  abandon(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#claim?.release();
    this.#claim = null;
  }

  #pause(): number {
    return this.#kept.peek() === null ? TRY_AGAIN : Math.max(PAUSE, SHARE * this.#took);
  }

  #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const holds = this.#claim?.holds();
    if (!holds) return Promise.resolve();
    if (holds === true) return this.#put();
    this.#waits = true;
    return holds.then(
      (mine) => (mine ? this.#put() : this.#lose()),
      () => this.#failed(),
    );
  }

  /** Asks for it before it returns: a page that is being left has no time for more. */
  #put(): Promise<void> {
    const { room, key, work } = this.#subject;
    const now = work();
    if (now === undefined) return Promise.resolve();
    const mark = this.#mark;
    const settled = this.#settled;
    this.#requested = mark;
    const began = performance.now();
    const done = () => {
      this.#asked--;
      this.#took = performance.now() - began;
      this.#written = Math.max(this.#written, mark);
      this.#waits = now !== null && now.waiting.length > 0;
      const count = (now ? countOf(now) : 0) - (this.#settled - settled);
      if (this.#written === mark) publish(this.#kept, Math.max(0, count));
    };
    const remove = this.#there ? () => this.#shelf.remove(key) : () => Promise.resolve();
    const request = now ? this.#shelf.put(workRecord(room, key, now)) : remove();
    this.#there = now !== null;
    this.#asked++;
    this.#latest = request.then(done, () => {
      this.#asked--;
      return this.#failed();
    });
    return this.#latest;
  }

  async #failed(): Promise<void> {
    publish(this.#kept, null);
    this.#requested = this.#written;
    if (!this.#closed) this.#timer ??= setTimeout(() => this.#write(), TRY_AGAIN);
    this.#there = this.#waits = true;
    // A later record, if one is on its way, is not to be removed: it is true, or fails as well.
    if (this.#asked > 0) await this.#latest;
    else await this.#shelf.remove(this.#subject.key).catch(() => {});
  }

  #lose(): void {
    if (this.#closed) return;
    publish(this.#kept, null);
    this.#claim = null;
    this.#lost = true;
    this.#subject.lost();
  }

  /** Waits so many ms. Storage that takes longer is not waited for again until it has answered. */
  #atMost(ms: number, writing: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        publish(this.#kept, null);
        resolve();
      }, ms);
      writing.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
