/** Keeps the texts of a room on the device: when all has been quiet for a while, and when the page is left. */
import type { RoomClient } from "../room";
import { LONGEST, type TextShelf, type Whereabouts } from "./lastTexts";

/** ms without a change after which the texts are kept. */
const QUIET = 2000;

export class TextKeeper {
  readonly #shelf: TextShelf;
  readonly #room: string;
  readonly #client: RoomClient;
  readonly #whereabouts: () => Whereabouts | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `whereabouts` says where the person here is. */
  constructor(
    shelf: TextShelf,
    room: string,
    client: RoomClient,
    whereabouts: () => Whereabouts | null,
  ) {
    this.#shelf = shelf;
    this.#room = room;
    this.#client = client;
    this.#whereabouts = whereabouts;
  }

  /** Keep them when nothing has happened for a while. */
  keepSoon(): void {
    this.close();
    this.#timer = setTimeout(() => this.keep(), QUIET);
  }

  keep(): void {
    this.close();
    const { texts } = this.#client;
    const length = texts?.files.reduce((sum, { text }) => sum + text.length, 0) ?? 0;
    if (!texts || length > LONGEST) return;
    const whereabouts = this.#whereabouts();
    this.#shelf.put({ ...texts, room: this.#room, at: Date.now(), whereabouts });
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
