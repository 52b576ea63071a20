/**
 * An edit of a plain text. This is the TypeScript twin of `ot/operation.py`, with the same laws and results.
 *
 * An `Operation` is a list of components that goes through a whole text from start to end.
 *
 *     5        retain five code points
 *     "abc"    insert these three
 *     -3       delete three code points
 *
 * **Order is data.** `["a", -1]` inserts in the gap before the deleted character, `[-1, "a"]` in the
 * gap after it. Both give the same text, but concurrent insertions land on different sides of them.
 */
import { advance, codePoints, isPair, loneSurrogate } from "./text";

export type Component = number | string;
export type Bias = "left" | "right";

/** An operation is malformed, or does not fit what it is used with. */
export class OperationError extends Error {
  override name = "OperationError";
}

/** An immutable edit of a text of exactly `baseLength` code points. */
export class Operation {
  readonly components: readonly Component[];
  readonly baseLength: number;
  readonly targetLength: number;

  /** Merges neighbouring components of one kind and drops empty ones. */
  constructor(components: Iterable<Component> = []) {
    const normal: Component[] = [];
    let base = 0;
    let target = 0;
    for (const component of components) {
      append(normal, component);
      if (typeof component === "string") target += codePoints(component);
      else {
        base += Math.abs(component);
        target += Math.max(component, 0);
      }
    }
    this.components = normal;
    this.baseLength = base;
    this.targetLength = target;
  }

  /**
   * Make an operation of parsed JSON that came over the wire.
   * Throws OperationError unless it is a list in normal form of integers and well-formed strings.
   */
  static decode(value: unknown): Operation {
    if (!Array.isArray(value)) throw new OperationError("an operation is a list");
    let kind = "";
    for (const [index, component] of value.entries()) {
      const before = kind;
      kind = kindOf(index, component);
      if (kind === before) {
        throw new OperationError(`components ${index - 1} and ${index} should be one`);
      }
    }
    return new Operation(value);
  }

  /** The operation as a list, ready for JSON. `decode` makes an equal operation of it. */
  encode(): Component[] {
    return [...this.components];
  }

  equals(other: Operation): boolean {
    return (
      this.components.length === other.components.length &&
      this.components.every((component, index) => component === other.components[index])
    );
  }

  /** Tell whether every text stays as it is. */
  isNoop(): boolean {
    return this.components.every((c) => typeof c === "number" && c > 0);
  }

  /** The range of the text from the first place that this edit changes to the last. */
  get extent(): [from: number, to: number] {
    const [first = 0, last = 0] = [this.components[0], this.components.at(-1)].map((c) =>
      typeof c === "number" ? Math.max(c, 0) : 0,
    );
    return [first, this.baseLength - last];
  }

  /** The text after this edit. Throws OperationError unless it has `baseLength`. */
  apply(text: string): string {
    let result = "";
    for (const [component, piece] of this.#pieces(text)) {
      if (typeof component === "string") result += component;
      else if (component > 0) result += piece;
    }
    return result;
  }

  /**
   * The edit that takes this one back, given the text it was applied to.
   *
   *     op.invert(text).apply(op.apply(text)) === text
   */
  invert(text: string): Operation {
    const inverse: Component[] = [];
    for (const [component, piece] of this.#pieces(text)) {
      if (typeof component === "string") inverse.push(-codePoints(component));
      else inverse.push(component > 0 ? component : piece);
    }
    return new Operation(inverse);
  }

  /**
   * This edit, then `other`, as one edit of history.
   *
   *     a.compose(b).apply(text) === b.apply(a.apply(text))
   *     transform(a.compose(b), c) carries c exactly as over `a`, then over `b`.
   *
   * For the second law, an insertion of `other` where this edit has deleted stands right of the deleted
   * run, because a newcomer goes left of it from any gap of the run.
   */
  compose(other: Operation): Operation {
    return compose(this, other, true);
  }

  /**
   * This edit, then `other`, as one edit that is still waiting to be submitted.
   *
   * This is the mirror image of `compose`: transform(c, a.composePending(b)) carries `c` exactly as over
   * `a`, then over `b`. So an insertion of `other` where this edit has deleted stands left of the
   * deleted run.
   */
  composePending(other: Operation): Operation {
    return compose(this, other, false);
  }

  /** Tell whether it has at most `most` components and takes at most `bytes` bytes as JSON. */
  isWithin(most: number, bytes: number): boolean {
    let left = bytes;
    return (
      this.components.length <= most &&
      this.components.every((component) => {
        left -= jsonBytes(component, left);
        return left >= 0;
      })
    );
  }

  /**
   * Cut off the end of this operation, in at most `most` components and `bytes` bytes of JSON. Returns the
   * end and the rest, such that `end.composePending(rest)` is this operation again. So an insertion stays
   * with a deletion right of it; a long insertion is cut in two. `most` must be at least 4, `bytes` 100.
   */
  splitEnd(most: number, bytes: number): [end: Operation, rest: Operation] {
    const ahead = [...this.components];
    const behind: Component[] = []; // from the end to the start
    let left = bytes - 2 * NUMBER_BYTES;
    while (ahead.length > 0 && behind.length < most - 1 && left > 0) {
      const component = ahead.pop() as Component;
      const size = jsonBytes(component, left);
      if (size <= left) behind.push(component);
      else if (typeof component === "number") ahead.push(component);
      else {
        const cut = cutOf(component, left);
        ahead.push(component.slice(0, cut));
        behind.push(component.slice(cut));
      }
      left -= size;
    }
    if ((behind.at(-1) as number) < 0 && typeof ahead.at(-1) === "string") {
      ahead.push(behind.pop() as Component);
    }
    const before = new Operation(ahead);
    const after = new Operation(behind.reverse());
    return [
      new Operation([before.baseLength, ...after.components]),
      new Operation([...before.components, after.targetLength]),
    ];
  }

  /**
   * The place of a position of the base text (0 … baseLength) after this edit. An insertion exactly there
   * pushes it along only with bias "right". Throws OperationError if the position is out of bounds.
   */
  map(position: number, bias: Bias = "left"): number {
    if (!(position >= 0 && position <= this.baseLength)) {
      throw new OperationError(`position ${position} is not in 0 … ${this.baseLength}`);
    }
    let base = 0;
    let target = 0;
    for (const c of this.components) {
      if (typeof c === "string") {
        if (base === position && bias === "left") break;
        target += codePoints(c);
      } else if (base + Math.abs(c) > position) {
        return target + (c > 0 ? position - base : 0);
      } else {
        base += Math.abs(c);
        target += Math.max(c, 0);
      }
    }
    return target;
  }

  /** Each component with the part of the text that it retains or deletes. */
  *#pieces(text: string): Iterable<[Component, string]> {
    const length = codePoints(text);
    if (length !== this.baseLength) {
      throw new OperationError(
        `the operation spans ${this.baseLength} code points, the text has ${length}`,
      );
    }
    const plain = length === text.length;
    let index = 0;
    for (const component of this.components) {
      if (typeof component === "string") yield [component, ""];
      else {
        const start = index;
        const count = Math.abs(component);
        index = plain ? start + count : advance(text, start, count);
        yield [component, text.slice(start, index)];
      }
    }
  }
}

/** The most bytes of a number in JSON and the comma after it. */
const NUMBER_BYTES = 18;

/** The bytes of a component in JSON and of the comma after it. If these exceed `room`, any number above `room`. */
function jsonBytes(component: Component, room: number): number {
  if (typeof component === "number") return NUMBER_BYTES;
  let bytes = component.length + QUOTES_AND_COMMA;
  for (let i = 0; i < component.length && bytes <= room; i++) {
    bytes += unitBytes(component.charCodeAt(i)) - 1;
  }
  return bytes;
}

const QUOTES_AND_COMMA = 3;
/** Backspace, tab, line feed, form feed and carriage return, which JSON escapes with one letter. */
const SHORT = new Set([8, 9, 10, 12, 13]);

/** The bytes of a UTF-16 unit of a well-formed string in JSON. Half of a four-byte character counts two. */
function unitBytes(unit: number): number {
  if (unit === 0x22 || unit === 0x5c) return 2;
  if (unit < 0x20) return SHORT.has(unit) ? 2 : 6;
  if (unit < 0x80) return 1;
  return unit < 0x800 || (unit & 0xf800) === 0xd800 ? 2 : 3;
}

/** The first index from which the rest of a string takes at most `room` bytes as JSON. */
function cutOf(text: string, room: number): number {
  let left = room - QUOTES_AND_COMMA;
  let from = text.length;
  while (from > 0) {
    left -= unitBytes(text.charCodeAt(from - 1));
    if (left < 0) break;
    from--;
  }
  return isPair(text, from - 1) ? from + 1 : from;
}

/** Add one component to a list in normal form, and keep the normal form. */
function append(out: Component[], component: Component): void {
  if (!component) return;
  const last = out[out.length - 1];
  if (typeof component === "string") {
    if (typeof last === "string") out[out.length - 1] = last + component;
    else out.push(component);
  } else if (typeof last === "number" && last > 0 === component > 0) {
    out[out.length - 1] = last + component;
  } else {
    out.push(component);
  }
}

function compose(first: Operation, second: Operation, deletionsFirst: boolean): Operation {
  if (first.targetLength !== second.baseLength) {
    throw new OperationError(
      `the first operation leaves ${first.targetLength} code points, the second spans ${second.baseLength}`,
    );
  }
  const out: Component[] = [];
  const left = first.components.values();
  const right = second.components.values();
  let a = left.next().value ?? 0;
  let b = right.next().value ?? 0;
  while (a || b) {
    if (typeof a === "number" && a < 0 && (deletionsFirst || typeof b !== "string")) {
      out.push(a);
      a = left.next().value ?? 0;
    } else if (typeof b === "string") {
      out.push(b);
      b = right.next().value ?? 0;
    } else {
      // `b` retains or deletes what `a` inserted or retained.
      const n = Math.min(typeof a === "string" ? codePoints(a) : a, Math.abs(b));
      if (typeof a === "string") {
        const cut = advance(a, 0, n);
        if (b > 0) out.push(a.slice(0, cut));
        a = a.slice(cut) || (left.next().value ?? 0);
      } else {
        out.push(b > 0 ? n : -n);
        a = a - n || (left.next().value ?? 0);
      }
      b = shorten(b, n) || (right.next().value ?? 0);
    }
  }
  return new Operation(out);
}

/** The rest of a retain or a deletion after `n` of its code points. */
export function shorten(component: number, n: number): number {
  return component > 0 ? component - n : component + n;
}

/** Throws OperationError if this is no component. */
function kindOf(index: number, component: unknown): string {
  if (typeof component === "string") {
    if (!component) throw new OperationError(`component ${index} inserts nothing`);
    const lone = loneSurrogate(component);
    if (lone) throw new OperationError(`component ${index} has a lone surrogate, ${lone}`);
    return "insert";
  }
  if (Number.isSafeInteger(component)) {
    if (component === 0) throw new OperationError(`component ${index} is 0`);
    return (component as number) > 0 ? "retain" : "delete";
  }
  throw new OperationError(`component ${index} is not an integer or a string`);
}
