/** What the server says, in order: a message may have to wait, and what comes after it then does too. */
import type { Owner } from "./connection";
import { guarded } from "./listeners";
import type { ServerMessage } from "./protocol";

/** ms between two looks at whether the first still has to. */
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

  /** To be the owner of a connection in the place of this one, which hears everything in its turn. */
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
        // The next one tells what was not heard over this one.
        if (link.state !== "live") this.drop();
        owner.linkChanged(link);
      },
      closed: (code) => owner.closed(code),
    };
  }

  /** Forget what was not told. */
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
        // What came after it over this link makes no sense either.
        this.drop();
        owner.confused(error);
      }
    }
    if (this.#held.length === 0) this.drop();
  }
}
