/**
 * Finds out whether links break because of the change that is sent over them.
 *
 * A gateway may reject a change for its size or for a word in it, by breaking the link without a reason.
 * The page would send such a change again for ever, and nothing after it would be saved.
 */

/** The number of links in a row that may break while one change is sent. */
const MOST_LINKS = 3;
/** ms that the last link must live before the change is sent: an unstable link would break by itself. */
const STEADY = 3000;
/** The most ms from sending to a break. Links that break later do so for another reason. */
const SOON = 10_000;
/** Close codes of links that the server, or something in between, broke without a reason. */
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

  /** A link was closed while this change was in flight. Returns whether to give the change up. */
  closed(seq: number, code: number): boolean {
    const soon = Date.now() - this.#sentAt <= SOON;
    this.#sentAt = Number.NEGATIVE_INFINITY;
    if (seq === this.#seq && soon && BROKEN.has(code)) this.#broken++;
    return seq === this.#seq && this.#broken >= MOST_LINKS;
  }
}
