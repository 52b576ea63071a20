/**
 * Composes many edits that follow one another into one operation, in nearly linear time whatever their
 * shape. This is the TypeScript twin of `ot/batch.py`.
 *
 * A *zipper* gathers edits near one another. The components left of a cursor lie on one stack, and those
 * right of it on another, so the cost of an edit depends on the distance from the edit before. When the
 * zipper has moved many components, they become a block. Blocks of like size are composed, as in a
 * merge sort. Typing never leaves the zipper; scattered edits hardly use it.
 */
import { type Component, Operation, OperationError } from "./operation";
import { advance, codePoints } from "./text";

/** The number of components that a zipper may move: this many, and this many more for each jump of its cursor. */
const FREE = 60;
const PER_JUMP = 3;
/** The number of characters that take as long to cut as one component takes to move. */
const PIECE = 64;

export class Batch {
  /** The length of the text before all edits. */
  readonly baseLength: number;
  readonly #pending: boolean;
  /** The composed blocks. Each one follows the block before it. */
  #blocks: Operation[] = [];
  #left: Component[] = [];
  /** In reverse order: the last component is the one right of the cursor. */
  #right: Component[] = [];
  #cursor = 0;
  /** The pieces of the insertion left of the cursor. */
  #typed: string[] = [];
  #typedLength = 0;
  /** The length of the text after the zipper's edits, without the pieces being typed. */
  #length = 0;
  #allowance = FREE;

  /** If `pending`, edits are joined by `composePending`, for work that is not submitted yet; else by `compose`. */
  constructor(length: number, { pending = false } = {}) {
    this.baseLength = length;
    this.#pending = pending;
    this.#open(length);
  }

  /** The length of the text after all edits, in code points. */
  get length(): number {
    return this.#length + this.#typedLength;
  }

  /** Add an operation. Throws OperationError, and changes nothing, unless it spans the text. */
  add(operation: Operation): void {
    if (operation.baseLength !== this.length) {
      throw new OperationError(
        `the operation spans ${operation.baseLength} code points, the text has ${this.length}`,
      );
    }
    const patch = patchOf(operation);
    if (patch) {
      this.#replace(...patch);
    } else {
      this.#close();
      this.#stack(operation);
      this.#open(operation.targetLength);
    }
  }

  /** All edits as one operation. */
  operation(): Operation {
    this.#close();
    this.#open(this.#length);
    while (this.#blocks.length > 1) this.#join();
    return this.#blocks[0] ?? new Operation([this.#length]);
  }

  /** Tell whether all edits together leave every text as it is. Cheap, though it is asked after every edit. */
  isNoop(): boolean {
    if (this.length !== this.baseLength || this.#typed.length > 0) return false;
    // Text that the last edits insert is in the result, and text that the first block deletes is not.
    if (this.#left.some(isText) || this.#right.some(isText)) return false;
    if (this.#blocks[0]?.components.some(deletes)) return false;
    return this.operation().isNoop();
  }

  #replace(position: number, deleted: number, inserted: string): void {
    const last = this.#typed.at(-1);
    if (position === this.#cursor && deleted === 0) {
      this.#type(inserted);
    } else if (
      last !== undefined &&
      position + deleted === this.#cursor &&
      deleted === codePoints(last)
    ) {
      this.#typed.pop();
      this.#typedLength -= deleted;
      this.#cursor = position;
      this.#type(inserted);
    } else {
      this.#jump(position, deleted, inserted);
    }
  }

  #type(inserted: string): void {
    if (!inserted) return;
    const length = codePoints(inserted);
    this.#typed.push(inserted);
    this.#typedLength += length;
    this.#cursor += length;
  }

  // The blocks

  /** Add a block, so that sizes halve at least from one block to the next. */
  #stack(block: Operation): void {
    this.#blocks.push(block);
    for (;;) {
      const [first, second] = this.#blocks.slice(-2);
      if (!first || !second || first.components.length > 2 * second.components.length) return;
      this.#join();
    }
  }

  #join(): void {
    const second = this.#blocks.pop() as Operation;
    const first = this.#blocks.pop() as Operation;
    this.#blocks.push(this.#pending ? first.composePending(second) : first.compose(second));
  }

  // The zipper

  /** Start a block on a text of this length. */
  #open(length: number): void {
    this.#length = length;
    this.#left = [];
    this.#right = length > 0 ? [length] : [];
    this.#cursor = 0;
    this.#allowance = FREE;
  }

  /** Make a block of the gathered components. */
  #close(): void {
    this.#settle();
    const block = new Operation([...this.#left, ...this.#right.reverse()]);
    if (!block.isNoop()) this.#stack(block);
  }

  /** Replace something anywhere. */
  #jump(position: number, deleted: number, inserted: string): void {
    this.#settle();
    if (this.#allowance < 0) {
      this.#close();
      this.#open(this.#length);
    }
    this.#allowance += PER_JUMP;
    this.#seek(position);
    this.#cursor = position;
    this.#type(inserted);
    if (deleted === 0) return;
    const removed = this.#take(deleted);
    if (this.#pending) {
      pushBack(this.#right, -removed);
    } else {
      this.#settle();
      push(this.#left, -removed);
    }
  }

  /** Make a component of the typed pieces. */
  #settle(): void {
    if (this.#typed.length === 0) return;
    push(this.#left, this.#typed.join(""));
    this.#payFor(this.#left.at(-1) as Component);
    this.#length += this.#typedLength;
    this.#typed = [];
    this.#typedLength = 0;
  }

  /** Move the cursor. Deletions at its place go left of it in history, and right of it in pending work. */
  #seek(position: number): void {
    const [left, right] = [this.#left, this.#right];
    const width = left.length;
    let distance = position - this.#cursor;
    const [before, after] = [left.at(-1), right.at(-1)];
    if (before !== undefined && after !== undefined && alike(before, after)) {
      // An earlier move of the cursor has cut this component in two.
      left.pop();
      distance += sizeOf(before);
      right[right.length - 1] = sum(before, after);
      this.#payFor(sum(before, after));
    }
    while (distance > 0 || (!this.#pending && deletes(right.at(-1)))) {
      const component = right.pop() as Component;
      const size = sizeOf(component);
      if (size > distance) {
        const [head, tail] = this.#cut(component, distance);
        left.push(head);
        right.push(tail);
        break;
      }
      this.#payFor(component);
      left.push(component);
      distance -= size;
    }
    while (distance < 0 || (this.#pending && deletes(left.at(-1)))) {
      const component = left.pop() as Component;
      const size = sizeOf(component);
      if (size > -distance) {
        const [head, tail] = this.#cut(component, size + distance);
        left.push(head);
        right.push(tail);
        break;
      }
      this.#payFor(component);
      right.push(component);
      distance += size;
    }
    this.#allowance -= Math.abs(left.length - width);
  }

  /** Delete right of the cursor. Returns how much of the base text this deletes. */
  #take(count: number): number {
    const right = this.#right;
    let gone = 0;
    let left = count;
    this.#length -= count;
    while (left > 0 || (!this.#pending && deletes(right.at(-1)))) {
      const component = right.pop() as Component;
      let size = sizeOf(component);
      if (size > left) {
        right.push(this.#cut(component, left)[1]);
        size = left;
      }
      if (typeof component === "number") gone += component > 0 ? size : -component;
      left -= size;
    }
    return gone;
  }

  #cut(component: Component, at: number): [Component, Component] {
    if (typeof component === "number") return [at, component - at];
    this.#payFor(component);
    const index = component.length === codePoints(component) ? at : advance(component, 0, at);
    return [component.slice(0, index), component.slice(index)];
  }

  /** Account for a text that is moved, cut or joined, since that reads it from end to end. */
  #payFor(component: Component): void {
    if (typeof component === "string") this.#allowance -= Math.floor(component.length / PIECE);
  }
}

/** [position, deleted, inserted]; null if the operation is several patches, or deletes before it inserts. */
function patchOf({ components }: Operation): [number, number, string] | null {
  let at = 0;
  let [position, deleted, inserted] = [0, 0, ""];
  let component = components[at];
  if (typeof component === "number" && component > 0) {
    position = component;
    component = components[++at];
  }
  if (typeof component === "string") {
    inserted = component;
    component = components[++at];
  }
  if (deletes(component)) {
    deleted = -(component as number);
    component = components[++at];
  }
  const last = components.length - 1;
  const isWhole = at > last || (at === last && typeof component === "number" && component > 0);
  return isWhole ? [position, deleted, inserted] : null;
}

/** The length of a component in the text after the edits. */
function sizeOf(component: Component): number {
  return typeof component === "string" ? codePoints(component) : Math.max(component, 0);
}

function isText(component: Component): boolean {
  return typeof component === "string";
}

function deletes(component: Component | undefined): boolean {
  return typeof component === "number" && component < 0;
}

function alike(one: Component, other: Component): boolean {
  return typeof one === typeof other && (isText(one) || deletes(one) === deletes(other));
}

/** Join two components of one kind. */
function sum(one: Component, other: Component): Component {
  return typeof one === "string" ? one + other : one + (other as number);
}

/** Add a component at the end of those left of the cursor. */
function push(out: Component[], component: Component): void {
  const last = out.at(-1);
  if (last !== undefined && component && alike(last, component)) {
    out[out.length - 1] = sum(last, component);
  } else if (component) out.push(component);
}

/** Add a component at the start of those right of the cursor. */
function pushBack(out: Component[], component: Component): void {
  const last = out.at(-1);
  if (last !== undefined && component && alike(last, component)) {
    out[out.length - 1] = sum(component, last);
  } else if (component) out.push(component);
}
