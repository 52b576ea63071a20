/**
 * Whether links break because of the change that is sent over them.
 *
 * A gateway may not let a change through, for its size or for a word in it, and may say so only by
 * breaking the link. Such a change would be sent again for ever, and nothing after it would be saved.
 */

/** So many links in a row may break as one change is sent. */
const MOST_LINKS = 3;
/** ms that the last of them must live before the change is sent over it: else it may be its own fault. */
const STEADY = 3000;
/** ms from the sending to the break: what breaks later breaks for another reason. */
const SOON = 10_000;
/** Close codes of links that the other side, or something on the way, broke without saying why. */
const BROKEN = new Set([1002, 1005, 1006, 1007, 1008, 1011]);

export class Trial {
  #seq = 0;
  #broken = 0;
  #sentAt = Number.NEGATIVE_INFINITY;

  /** ms that a new link must live before this change is sent over it. */
  patience(seq: number): number {
    return seq === this.#seq && this.#broken === MOST_LINKS - 1 ? STEADY : 0;
  }

  sent(seq: number): void {
    if (seq !== this.#seq) this.#broken = 0;
    this.#seq = seq;
    this.#sentAt = Date.now();
  }

  /** A link was closed while this change was in flight. Returns whether it is to be given up. */
  closed(seq: number, code: number): boolean {
    const soon = Date.now() - this.#sentAt <= SOON;
    this.#sentAt = Number.NEGATIVE_INFINITY;
    if (seq === this.#seq && soon && BROKEN.has(code)) this.#broken++;
    return seq === this.#seq && this.#broken >= MOST_LINKS;
  }
}
