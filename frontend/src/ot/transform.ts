import { type Component, Operation, OperationError, shorten } from "./operation";
import { codePoints } from "./text";

/**
 * Carry two concurrent operations past one another.
 *
 * Returns [committed', submitted'] such that
 *     committed.compose(submitted') and submitted.compose(committed') give the same text.
 * Where both insert in one gap, `submitted`, the newcomer, goes left.
 * It is exact over `compose` (history) and `composePending` (a client's buffer): see laws.test.ts.
 * Throws OperationError unless both edit texts of one length.
 */
export function transform(committed: Operation, submitted: Operation): [Operation, Operation] {
  if (committed.baseLength !== submitted.baseLength) {
    throw new OperationError(
      `the operations span ${committed.baseLength} and ${submitted.baseLength} code points`,
    );
  }
  const after: Component[] = []; // committed', to apply after submitted
  const rebased: Component[] = []; // submitted', to apply after committed
  const ours = submitted.components.values();
  const theirs = committed.components.values();
  let s = ours.next().value ?? 0;
  let c = theirs.next().value ?? 0;
  while (s || c) {
    if (typeof s === "string") {
      rebased.push(s);
      after.push(codePoints(s));
      s = ours.next().value ?? 0;
    } else if (typeof c === "string") {
      after.push(c);
      rebased.push(codePoints(c));
      c = theirs.next().value ?? 0;
    } else {
      const n = Math.min(Math.abs(s), Math.abs(c));
      if (s > 0 && c > 0) {
        after.push(n);
        rebased.push(n);
      } else if (s > 0) {
        after.push(-n);
      } else if (c > 0) {
        rebased.push(-n);
      }
      s = shorten(s, n) || (ours.next().value ?? 0);
      c = shorten(c, n) || (theirs.next().value ?? 0);
    }
  }
  return [new Operation(after), new Operation(rebased)];
}

/** Compose operations that follow one another to one edit of history, in time that grows with n log n. */
export function composeAll(operations: readonly Operation[]): Operation {
  const [first] = operations;
  if (!first) throw new OperationError("there is nothing to compose");
  if (operations.length === 1) return first;
  const middle = operations.length >> 1;
  return composeAll(operations.slice(0, middle)).compose(composeAll(operations.slice(middle)));
}
