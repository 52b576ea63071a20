import { codePoints, composeAll, type Operation, OperationError } from "./ot";

/** How many edits wait, at most, before they are applied together. */
const MOST_EDITS = 256;

/**
 * A text that grows by committed edits. It is seldom looked at, for the editor has its own; so the
 * edits are kept, and applied when somebody asks. An edit of a long text then costs next to nothing.
 */
export class Committed {
  #text: string;
  #length: number;
  #edits: Operation[] = [];

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

  /** Throws OperationError when the edit does not span the text. */
  edit(operation: Operation): void {
    if (operation.baseLength !== this.#length) {
      throw new OperationError(
        `the operation spans ${operation.baseLength} code points, the text has ${this.#length}`,
      );
    }
    this.#edits.push(operation);
    this.#length = operation.targetLength;
    if (this.#edits.length === MOST_EDITS) this.#text = this.text;
  }
}
