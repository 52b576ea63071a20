/** Keeps the texts of a room on the device: after some time without changes, and when the page is left. */
import { type KeptFiles, keepFiles } from "../editor/keptFiles";
import type { RoomClient } from "../room";
import { LONGEST, type TextShelf, type Whereabouts } from "./lastTexts";

/** ms without a change after which the texts are kept. */
const QUIET = 2000;

/** The place of the person here, and the files that they have open. */
export interface Here {
  readonly whereabouts: Whereabouts | null;
  readonly kept: KeptFiles;
}

export class TextKeeper {
  readonly #shelf: TextShelf;
  readonly #room: string;
  readonly #client: RoomClient;
  readonly #here: Here;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(shelf: TextShelf, room: string, client: RoomClient, here: Here) {
    this.#shelf = shelf;
    this.#room = room;
    this.#client = client;
    this.#here = here;
  }

  /** Keep the texts after some time without changes. */
  keepSoon(): void {
    this.close();
    this.#timer = setTimeout(() => this.keep(), QUIET);
  }

  keep(): void {
    this.close();
    keepFiles(this.#room, this.#here.kept);
    const { texts, workedOn } = this.#client;
    if (!texts) return;
    const { whereabouts, kept } = this.#here;
    const needed = new Set([...kept.open, ...workedOn]);
    // The other texts come from the server when they are opened again.
    const files = texts.files.map(({ text, ...file }) =>
      text !== undefined && needed.has(file.id) ? { ...file, text } : file,
    );
    const length = files.reduce((sum, file) => sum + ("text" in file ? file.text.length : 0), 0);
    if (length > LONGEST) return;
    this.#shelf.put({ ...texts, files, room: this.#room, at: Date.now(), whereabouts });
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
