/** All work in a room that this device keeps: the page's own, and that of pages that are gone. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Listener, Place } from "../link/events";
import type { Exchange } from "../link/exchange";
import type { Notices } from "../notices/notices";
import type { Author } from "./author";
import { claimsOf } from "./claims";
import { type Here, TextKeeper } from "./keeper";
import { TextShelf } from "./lastTexts";
import { Offers } from "./offers";
import { chooseOpening, type Opening, textsOfThePage, type Unplaced } from "./opening";
import { type Aside, Recovery } from "./recovery";
import { Salvage } from "./salvage";
import type { Database } from "./shelf";

export class RoomWork {
  readonly #room: string;
  readonly #exchange: Exchange;
  readonly #texts = new TextShelf();
  readonly #salvage: Salvage;
  readonly #recovery: Recovery;
  readonly #keeper: TextKeeper;
  readonly offers: Offers;
  /** Changes that are not acknowledged as durable; 0 is "Saved". */
  readonly unsaved: ReadonlySignal<number>;
  /** The number of them that are kept on this device; null if it cannot keep any. */
  readonly kept: ReadonlySignal<number | null>;
  /** Texts that were not saved, for their author to recover. */
  readonly aside: ReadonlySignal<readonly Aside[]>;
  readonly #unplaced = signal<Unplaced | null>(null);
  /** The text to read while the own work has no text to stand on. */
  readonly unplaced: ReadonlySignal<Unplaced | null> = this.#unplaced;

  /** The work of other pages is sent to `place`. */
  constructor(
    exchange: Exchange,
    place: Place & { shelf: Database },
    notices: Notices,
    here: Here,
  ) {
    const { room, shelf } = place;
    const claims = claimsOf(shelf);
    this.#room = room;
    this.#exchange = exchange;
    this.#recovery = new Recovery(room, shelf, claims);
    this.offers = new Offers(notices, this.#recovery);
    this.#salvage = new Salvage(place, claims, {
      lost: (why, text) => this.offers.offer(why, text),
      found: (found) => this.offers.found(found),
    });
    this.#keeper = new TextKeeper(this.#texts, room, exchange.room, here);
    const { unsaved, kept } = exchange;
    const others = this.#salvage;
    this.unsaved = computed(() => unsaved.value + others.unsaved.value);
    this.kept = computed(() =>
      kept.value === null || others.kept.value === null ? null : kept.value + others.kept.value,
    );
    this.aside = this.#recovery.aside;
    addEventListener("pagehide", this.#leaving);
    document.addEventListener("visibilitychange", this.#leaving);
  }

  /** Choose the work that the page continues and the texts that it starts with. */
  async opening(): Promise<Opening & { author: Author }> {
    const [author, kept, fresh] = await Promise.all([
      this.#salvage.author(),
      this.#texts.get(this.#room),
      textsOfThePage(this.#room),
    ]);
    const opening = chooseOpening(kept, fresh, author.work);
    this.#unplaced.value = opening.unplaced;
    return { author, ...opening };
  }

  /** Add this listener after all others. */
  get listener(): Listener {
    return {
      joined: () => {
        this.#unplaced.value = null;
        this.#keeper.keepSoon();
        void this.#salvage.look();
      },
      received: () => this.#keeper.keepSoon(),
      // Another tab continues the work of this one, so this one goes on as a new client.
      replaced: () => this.#exchange.become(this.#salvage.newcomer()),
    };
  }

  /** Tells whether leaving the page now would lose work that is neither saved nor kept on this device. */
  get atRisk(): boolean {
    const unsafe = this.aside.peek().some(({ safe }) => !safe);
    return this.#exchange.atRisk || this.#salvage.atRisk || unsafe;
  }

  /** Download all texts that were not saved, as a file. */
  download(): void {
    this.#recovery.download();
  }

  close(): void {
    removeEventListener("pagehide", this.#leaving);
    document.removeEventListener("visibilitychange", this.#leaving);
    this.#keeper.close();
    this.#salvage.close();
  }

  /** The page goes to the back, is left, or comes to the front. */
  readonly #leaving = () => {
    if (document.visibilityState === "visible") void this.#salvage.look();
    this.#exchange.flush();
    this.#keeper.keep();
  };
}
