/** Handles the server's messages in order. If one has to wait, those after it wait too. */
import type { Owner } from "./connection";
import { guarded } from "./listeners";
import type { ServerMessage } from "./protocol";

/** ms between two checks whether the first message still has to wait. */
const LOOK = 50;

export class Turns {
  readonly #mustWait: (message: ServerMessage) => boolean;
  #held: ServerMessage[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(mustWait: (message: ServerMessage) => boolean) {
    this.#mustWait = (message) => {
      let waits = false;
      guarded(() => {
        waits = mustWait(message);
      });
      return waits;
    };
  }

  /** An owner for a connection that passes everything on to this owner in turn. */
  of(owner: Owner): Owner {
    return {
      join: () => owner.join(),
      receive: (message) => {
        this.#held.push(message);
        this.#tell(owner);
        if (this.#held.length > 0) this.#timer ??= setInterval(() => this.#tell(owner), LOOK);
      },
      confused: (error) => owner.confused(error),
      linkChanged: (link) => {
        // The next link repeats the messages that were not handled.
        if (link.state !== "live") this.drop();
        owner.linkChanged(link);
      },
      closed: (code) => owner.closed(code),
    };
  }

  /** Drop the waiting messages. */
  drop(): void {
    this.#held = [];
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tell(owner: Owner): void {
    for (let first = this.#held[0]; first && !this.#mustWait(first); first = this.#held[0]) {
      this.#held.shift();
      try {
        owner.receive(first);
      } catch (error) {
        // The messages after it over this link make no sense either.
        this.drop();
        owner.confused(error);
      }
    }
    if (this.#held.length === 0) this.drop();
  }
}
