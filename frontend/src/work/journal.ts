/**
 * Keeps the work of one page on its device until it is in the log. A later page continues it; see
 * salvage.ts.
 *
 * Rule 1: A waiting change of a record is sent only after another record has it with its number. So the
 *         waiting changes of a record were never sent, and continuing a record loses nothing and doubles
 *         nothing, however old it is. If the record has no waiting change, the page sends a change while
 *         it is written (the storage answers a frame late), but never two of them. So a page that
 *         continues a record skips one number, and is never taken for the page before. It writes before
 *         its own first change, and so does a page that does not know whether it has the claim.
 * Rule 2: Waiting changes are written soon, and at once when the page is left.
 * Rule 3: The record is removed when there is nothing to keep. A record that stays behind is harmless.
 * Rule 4: Storage that is missing, full, broken or slow holds nothing up for longer than `PATIENCE`.
 *         If a record cannot be written, the one before it is removed, since it breaks rule 1 by then.
 *         If that fails too, a page that finds the old record sees by the numbers in the log that it is
 *         out of date.
 * Rule 5: Only the page that holds the claim writes. A page that has lost the claim gives the key up.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { publish } from "../link/listeners";
import type { Work } from "../room";
import type { Claim } from "./claims";
import { countOf, workRecord } from "./records";
import type { Shelf } from "./shelf";

/** The most ms that a change waits to be written; then it is sent all the same. */
const PATIENCE = 500;
/** ms from a change to its record; more if writing is slow, so that writing takes a tenth of the time. */
const PAUSE = 100;
const SHARE = 9;
/** ms until storage that has failed is tried again. */
const TRY_AGAIN = 5000;

export interface Subject {
  room: string;
  key: string;
  /** The work to keep. Null: there is none. Undefined: keep the last record as it is. */
  work(): Work | null | undefined;
  /** Another page may have continued the work. */
  lost(): void;
}

export class Journal {
  readonly #shelf: Shelf;
  readonly #subject: Subject;
  readonly #kept = signal<number | null>(null);
  /** The number of changes that the record holds; null while this device keeps nothing. */
  readonly kept: ReadonlySignal<number | null> = this.#kept;
  #claim: Claim | null = null;
  #closed = false;
  #lost = false;
  /** `#mark` counts the changes of the work. `#requested` and `#written` are the marks asked for and written. */
  #mark = 0;
  #requested = 0;
  #moved = false;
  #settled = 0;
  #written = 0;
  /** Tells whether there may be a record. */
  #there: boolean;
  /** Tells whether the record has waiting changes, or may be another page's. */
  #waits: boolean;
  /** The number of requests that the storage has not answered. */
  #asked = 0;
  #latest: Promise<void> = Promise.resolve();
  #took = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `before` is the work of the record that this page continues. */
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

  /** Tells whether all work is written. */
  get complete(): boolean {
    return this.#kept.peek() !== null && this.#written === this.#mark;
  }

  /** Tell whether no other page continues the work. Without a claim no page knows of it. */
  async mine(): Promise<boolean> {
    try {
      return (await this.#claim?.holds()) ?? !this.#lost;
    } catch {
      return true;
    }
  }

  /** `count` changes need not be kept any more. The record has them until the next one is written. */
  settled(count: number): void {
    this.#settled += count;
    const kept = this.#kept.peek();
    if (kept !== null) publish(this.#kept, Math.max(0, kept - count));
  }

  /** The work has changed: write it soon. */
  touch(): void {
    this.#mark++;
    this.#soon();
  }

  /** The work is the same, but others' entries may have moved it: write it again soon. It is kept meanwhile. */
  moved(): void {
    this.#moved = true;
    this.#soon();
  }

  /** The work has changed, and a part of it is to be sent. Resolves when the part may be sent. */
  written(): Promise<void> {
    this.#mark++;
    const busy = this.#asked > 0;
    const healthy = this.#kept.peek() !== null;
    const writing = this.#write();
    const matters = busy || this.#waits;
    return healthy && matters ? this.#atMost(PATIENCE, writing) : Promise.resolve();
  }

  /** Write at once, because the page may be left. */
  flush(): void {
    if (this.#moved || this.#requested !== this.#mark) this.#write();
  }

  /** Write the rest of the work, and release the claim. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#moved || this.#written !== this.#mark) await this.#atMost(PATIENCE, this.#write());
    this.abandon();
  }

  /** Stop writing, and release the claim. */
  abandon(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#claim?.release();
    this.#claim = null;
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#write(), this.#pause());
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

  /** Send the request before returning, because a page that is being left has no more time. */
  #put(): Promise<void> {
    const { room, key, work } = this.#subject;
    const now = work();
    if (now === undefined) return Promise.resolve();
    const mark = this.#mark;
    const settled = this.#settled;
    this.#requested = mark;
    this.#moved = false;
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
    // Do not remove a later record that is being written. It is up to date, or it fails as well.
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

  /** Wait at most `ms`. Slower storage is not waited for again until it has answered. */
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
