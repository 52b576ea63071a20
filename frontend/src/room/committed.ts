import { checksum, codePoints, composeAll, diff, type Operation, OperationError } from "../ot";

/** The most edits that wait before they are applied together. */
const MOST_EDITS = 256;

/**
 * A text that changes by committed edits. Since the editor has its own text, this one is seldom read.
 * So edits are collected, and applied when somebody reads the text: an edit of a long text costs next
 * to nothing.
 */
export class Committed {
  /** Tells whether an edit of the log did not fit. Until `replace`, the text then takes no edit of others. */
  torn = false;
  /**
   * Tells whether the text already contains the edits that are being read, so that they must not be
   * applied again.
   */
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

  /**
   * Apply an edit of the log, unless this edit or an earlier one does not fit. Returns whether the text
   * has it.
   */
  edit(operation: Operation): boolean {
    if (this.ahead) return true;
    this.torn ||= operation.baseLength !== this.#length;
    if (!this.torn) this.#append(operation);
    return !this.torn;
  }

  /**
   * Acknowledge an own edit, which may differ from the edit in the log. Returns the edit from the text
   * with the own edit to the text with the log's edit; null when these are equal. Throws OperationError
   * when they differ and the text is ahead, because the text before them is not known then.
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

  /** Replace the text by the server's. Returns the edit between the two. */
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
