/**
 * Continues the work of pages that are gone.
 *
 * Rule 1: A page takes a record only with the record's claim, so never from a page that lives.
 * Rule 2: A page that opens adopts the first record that comes free with its key, so its person sees the
 *         work at once. Every other record is sent over a link of its own, under its own key, and reaches
 *         the page like the work of somebody else.
 * Rule 3: Work that cannot be read or saved is offered as a text. Nothing is dropped silently.
 */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Listener, Place } from "../link/events";
import { Exchange } from "../link/exchange";
import type { Author } from "./author";
import type { Claim, Claims } from "./claims";
import { type Found, randomKey, textOf, understood } from "./records";

/** ms that a page waits at its opening for a record to come free. */
const HASTE = 1000;
/** ms that the device has to say which records there are. */
const PATIENCE = 2000;

export interface Finder {
  /** A text of work that could not be saved. */
  lost(why: string, text: string): void;
  /** A record to offer. This page has its claim. */
  found(found: Found): void;
}

export class Salvage {
  readonly #place: Place;
  readonly #claims: Claims;
  readonly #finder: Finder;
  readonly #closing = new AbortController();
  /** The keys of records that this page has claimed or waits for. */
  readonly #known = new Set<string>();
  /** The key of the page's own work. */
  #own = "";
  readonly #settling = new Set<Exchange>();
  readonly #unsaved = signal(0);
  /** The number of changes of other pages that are being saved. */
  readonly unsaved: ReadonlySignal<number> = this.#unsaved;
  readonly #kept = signal<number | null>(0);
  /** The number of them that this device keeps; null if it does not keep all that it should. */
  readonly kept: ReadonlySignal<number | null> = this.#kept;
  #adopt: ((author: Author | null) => void) | null = null;

  constructor(place: Place, claims: Claims, finder: Finder) {
    this.#place = place;
    this.#claims = claims;
    this.#finder = finder;
  }

  /** Choose the author whose work the opening page continues. */
  async author(): Promise<Author> {
    const adopted = await new Promise<Author | null>((resolve) => {
      const adopt = (author: Author | null) => {
        this.#adopt = null;
        resolve(author);
      };
      this.#adopt = adopt;
      setTimeout(() => adopt(null), PATIENCE);
      this.look().then((some) => (some ? setTimeout(() => adopt(null), HASTE) : adopt(null)));
    });
    if (!adopted) return this.newcomer();
    this.#own = adopted.key;
    return adopted;
  }

  /** An author with a new key. If the page had a key, another page has it now, and it may come free again. */
  newcomer(): Author {
    const key = randomKey();
    this.#known.delete(this.#own);
    this.#known.add(key);
    this.#own = key;
    return { key, claim: this.#claims.claim(key, this.#closing.signal), work: null };
  }

  /** Wait for records that other pages have left. Returns whether there are any. */
  async look(): Promise<boolean> {
    const found = await this.#place.shelf.all(this.#place.room).catch(() => []);
    for (const { key } of found) {
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      this.#claims.claim(key, this.#closing.signal).then(
        (claim) => this.#take(key, claim).catch(() => this.#leave(key, claim)),
        () => this.#known.delete(key),
      );
    }
    return found.length > 0;
  }

  /** Tells whether work would be lost if the page ended now. */
  get atRisk(): boolean {
    return [...this.#settling].some((exchange) => exchange.atRisk);
  }

  close(): void {
    this.#closing.abort();
    for (const exchange of this.#settling) exchange.close();
  }

  async #take(key: string, claim: Claim): Promise<void> {
    // The record's page may have written it again, or may have saved everything.
    const found = await this.#place.shelf.get(key);
    const record = found && understood(found);
    if (!found) this.#leave(key, claim);
    else if (record?.kind !== "work") this.#finder.found(found);
    else {
      const author = { key, claim: Promise.resolve(claim), work: record.work };
      if (this.#adopt) this.#adopt(author);
      else this.#settle(author);
    }
  }

  #leave(key: string, claim: Claim): void {
    this.#known.delete(key);
    claim.release();
  }

  #settle(author: Author): void {
    const done = () => {
      if (!this.#settling.delete(exchange)) return;
      stop();
      this.#count();
      exchange.close().then(() => this.#known.delete(author.key));
    };
    const exchange = new Exchange(this.#place, [this.#listener(done)]);
    this.#settling.add(exchange);
    exchange.start(author);
    const stop = effect(() => {
      this.#count();
      const { value: phase } = exchange.phase;
      const settled = phase === "open" && exchange.unsaved.value === 0;
      if (settled || phase === "missing") queueMicrotask(done);
    });
  }

  #count(): void {
    let [unsaved, kept]: [number, number | null] = [0, 0];
    for (const exchange of this.#settling) {
      unsaved += exchange.unsaved.value;
      const written = exchange.kept.value;
      kept = kept === null || written === null ? null : kept + written;
    }
    this.#unsaved.value = unsaved;
    this.#kept.value = kept;
  }

  /** Only tells whether this work is saved, since it is not shown. The page's own exchange tells the rest. */
  #listener(replaced: () => void): Listener {
    return {
      refused: (_file, _edit, lost, why) => {
        if (lost) this.#finder.lost(`The text was not saved: ${why}`, lost);
      },
      gaveUp: (work) => this.#finder.lost(GAVE_UP, textOf(work)),
      replaced,
    };
  }
}

/** The reason that is given when restored work is offered as a text. */
export const GAVE_UP = "Work of a page that was closed does not fit the room any more.";
