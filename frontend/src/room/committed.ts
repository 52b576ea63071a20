import { checksum, codePoints, composeAll, diff, type Operation, OperationError } from "../ot";

/** How many edits wait, at most, before they are applied together. */
const MOST_EDITS = 256;

/**
 * A text that grows by committed edits. It is seldom looked at, for the editor has its own; so the
 * edits are kept, and applied when somebody asks. An edit of a long text then costs next to nothing.
 */
export class Committed {
  /** An edit of the log did not fit: the text stays as it is until `replace`. */
  torn = false;
  /** The text has edits already that are still to be read: they are not taken again. */
  ahead = false;
  #text: string;
  #length: number;
  #edits: Operation[] = [];
  #checksum: number | null = null;

  constructor(text: string) {
    this.#text = text;
    this.#length = codePoints(text);
  }

  get text(): string {
    if (this.#edits.length > 0) {
      this.#text = composeAll(this.#edits).apply(this.#text);
      this.#edits = [];
    }
    return this.#text;
  }

  get checksum(): number {
    this.#checksum ??= checksum(this.text);
    return this.#checksum;
  }

  get length(): number {
    return this.#length;
  }

  /** Take an edit of the log, unless one did not fit. Returns whether it did. */
  edit(operation: Operation): boolean {
    if (this.ahead) return true;
    this.torn ||= operation.baseLength !== this.#length;
    if (!this.torn) this.#append(operation);
    return !this.torn;
  }

  /**
   * Take an own edit, which the log may have otherwise. Returns the edit that makes a text with the
   * own one into the text now; null where they are one. Throws OperationError where they are not and
   * the text is ahead: what it was then is not known.
   */
  acknowledge(own: Operation, logged: Operation): Operation | null {
    if (this.ahead) {
      if (own.equals(logged)) return null;
      throw new OperationError("the log has another edit than the one that was kept");
    }
    this.torn ||= logged.baseLength !== this.#length;
    if (this.torn || own.equals(logged)) {
      this.#append(own);
      return null;
    }
    const held = own.apply(this.text);
    this.#append(logged);
    return diff(held, this.text);
  }

  /** Take the text that the server has. Returns what differed. */
  replace(text: string): Operation {
    const edit = diff(this.text, text);
    this.#append(edit);
    this.torn = false;
    return edit;
  }

  #append(operation: Operation): void {
    this.#checksum = null;
    this.#edits.push(operation);
    this.#length = operation.targetLength;
    if (this.#edits.length === MOST_EDITS) this.#text = this.text;
  }
}
