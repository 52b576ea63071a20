/** Tells a person which text was not saved, and offers it to them. */
import type { Exchange, Listener } from "../link/exchange";
import type { Notices } from "../notices/notices";
import { copyText } from "../ui/copy";
import { type Found, textOf } from "./records";
import type { Recovery } from "./recovery";
import { GAVE_UP } from "./salvage";

export class Offers {
  readonly #notices: Notices;
  readonly #recovery: Recovery;

  constructor(notices: Notices, recovery: Recovery) {
    this.#notices = notices;
    this.#recovery = recovery;
  }

  /** Offer a text that was not saved. If the text is empty, only show the words. */
  offer(words: string, text: string): void {
    if (!text) {
      this.#notices.add("danger", words);
      return;
    }
    const key = this.#recovery.add(words, text);
    const action = { label: "Copy it", run: () => void copyText(text) };
    this.#notices.add("danger", words, { action, gone: () => this.#recovery.drop(key) });
  }

  /** Offer a record that an earlier page has left. */
  found(found: Found): void {
    const { key, why } = this.#recovery.found(found);
    const action = { label: "Download recovery file", run: () => this.#recovery.download() };
    this.#notices.add("danger", why, { action, gone: () => this.#recovery.drop(key) });
  }

  /** The files came anew. Offer the texts that the person saw and that the room does not have. */
  texts(lost: readonly string[], unsaved: boolean): void {
    if (lost.length === 0) return;
    const why = unsaved ? "Your last changes could not be saved" : "The server has another text";
    this.offer(`${why}, so the file was read again.`, lost.join("\n\n"));
  }

  /** Listens for changes that will not be saved, and for a server that turns the page away. */
  listener(room: Exchange["room"]): Listener {
    return {
      mended: () => this.#notices.add("info", "The file was brought back in line with the room."),
      refused: (_file, edit, lost, why) =>
        this.offer(`The ${edit ? "text" : "change"} was not saved: ${why}`, lost),
      gaveUp: (work) => {
        // Shown texts are offered as a whole when the new texts have come; see `texts`.
        if (room.infos.length === 0) this.offer(GAVE_UP, textOf(work));
      },
      turnedAway: (why) => this.#notices.add("warn", why),
    };
  }
}
