/** Tells a person which text was not saved, and offers it to them. */
import type { Listener } from "../link/events";
import type { Exchange } from "../link/exchange";
import type { FileId } from "../link/protocol";
import type { Notices } from "../notices/notices";
import { copyText } from "../ui/copy";
import { type Found, textOf } from "./records";
import type { Recovery } from "./recovery";
import { GAVE_UP } from "./salvage";

/** A text that is offered: its key among those set aside, and the file that it was written in. */
interface Piece {
  key: string;
  file: FileId | null;
  text: string;
}

export class Offers {
  readonly #notices: Notices;
  readonly #recovery: Recovery;
  /** What the shown notices offer, by their words. */
  readonly #pieces = new Map<string, Piece[]>();

  constructor(notices: Notices, recovery: Recovery) {
    this.#notices = notices;
    this.#recovery = recovery;
  }

  /**
   * Offer a text that was not saved. If the text is empty, only show the words. A text with the words of a shown
   * notice is offered behind that notice's: the change on its way and what was typed after it are refused one by one.
   */
  offer(words: string, text: string, file: FileId | null = null): void {
    if (!text) {
      if (!this.#pieces.has(words)) this.#notices.add("danger", words);
      return;
    }
    const pieces = this.#pieces.get(words) ?? [];
    pieces.push({ key: this.#recovery.add(words, text), file, text });
    this.#pieces.set(words, pieces);
    const action = { label: "Copy it", run: () => void copyText(joined(pieces)) };
    const gone = () => {
      this.#pieces.delete(words);
      for (const { key } of pieces) this.#recovery.drop(key);
    };
    this.#notices.add("danger", words, { action, gone });
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
      refused: (file, edit, lost, why) =>
        this.offer(`The ${edit ? "text" : "change"} was not saved: ${why}`, lost, file),
      gaveUp: (work) => {
        // Shown texts are offered as a whole when the new texts have come; see `texts`.
        if (room.infos.length === 0) this.offer(GAVE_UP, textOf(work));
      },
      turnedAway: (why) => this.#notices.add("warn", why),
    };
  }
}

/** One text of all pieces; those of one file follow one another as they were typed. */
function joined(pieces: readonly Piece[]): string {
  return pieces.reduce((all, { file, text }, at) => {
    const before = pieces[at - 1];
    return all + (before && before.file !== file ? "\n\n" : "") + text;
  }, "");
}
