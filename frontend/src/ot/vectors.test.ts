/** Runs the cases that were generated from the Python engine. */
import { describe, expect, test } from "vitest";
import file from "../../../tests/vectors/operations.json?raw";
import { Batch, type Component, Operation, transform } from ".";

type Wire = Component[];

interface Vectors {
  normalise: {
    components: Wire;
    normal: Wire;
    baseLength: number;
    targetLength: number;
    isNoop: boolean;
  }[];
  apply: { text: string; operation: Wire; result: string }[];
  invert: { text: string; operation: Wire; inverse: Wire }[];
  map: { operation: Wire; left: number[]; right: number[] }[];
  compose: { first: Wire; second: Wire; composed: Wire; composedPending: Wire }[];
  transform: { committed: Wire; submitted: Wire; committedAfter: Wire; submittedAfter: Wire }[];
  batch: { operations: Wire[]; composed: Wire; composedPending: Wire }[];
  decode: { value: unknown; error?: string | null }[];
  misfit: { verb: keyof typeof verbs; operands: (Wire | string | number)[]; error: string }[];
}

const vectors = JSON.parse(file) as Vectors;
const op = (wire: Wire) => Operation.decode(wire);

const verbs = {
  apply: (o: Operation, text: string) => o.apply(text),
  invert: (o: Operation, text: string) => o.invert(text),
  map: (o: Operation, position: number) => o.map(position),
  compose: (o: Operation, other: Operation) => o.compose(other),
  composePending: (o: Operation, other: Operation) => o.composePending(other),
  transform,
};

describe("the engine gives what the Python engine gives", () => {
  test.each(vectors.normalise)("normalise $components", ({ components, normal, ...rest }) => {
    const operation = new Operation(components);
    const { baseLength, targetLength } = operation;
    expect(operation.encode()).toEqual(normal);
    expect({ baseLength, targetLength, isNoop: operation.isNoop() }).toEqual(rest);
  });

  test.each(vectors.apply)("apply $operation to $text", ({ text, operation, result }) => {
    expect(op(operation).apply(text)).toBe(result);
  });

  test.each(vectors.invert)("invert $operation on $text", ({ text, operation, inverse }) => {
    expect(op(operation).invert(text).encode()).toEqual(inverse);
  });

  test.each(vectors.map)("map over $operation", ({ operation, left, right }) => {
    expect(left.map((_, position) => op(operation).map(position, "left"))).toEqual(left);
    expect(right.map((_, position) => op(operation).map(position, "right"))).toEqual(right);
  });

  test.each(vectors.compose)("compose $first and $second", (c) => {
    expect(op(c.first).compose(op(c.second)).encode()).toEqual(c.composed);
    expect(op(c.first).composePending(op(c.second)).encode()).toEqual(c.composedPending);
  });

  test.each(vectors.transform)("transform $committed and $submitted", (c) => {
    const [after, rebased] = transform(op(c.committed), op(c.submitted));
    expect(after.encode()).toEqual(c.committedAfter);
    expect(rebased.encode()).toEqual(c.submittedAfter);
  });

  test.each(vectors.batch)("batch of $operations", ({ operations, composed, composedPending }) => {
    for (const [pending, expected] of [
      [false, composed],
      [true, composedPending],
    ] as const) {
      const batch = new Batch(op(operations[0] ?? []).baseLength, { pending });
      for (const operation of operations) batch.add(op(operation));
      expect(batch.operation().encode()).toEqual(expected);
    }
  });

  test.each(vectors.decode)("decode $value", ({ value, error }) => {
    if (error === null) expect(Operation.decode(value).encode()).toEqual(value);
    else expect(() => Operation.decode(value)).toThrow(error);
  });

  test.each(vectors.misfit)("$verb refuses $operands", ({ verb, operands, error }) => {
    const parts = operands.map((o) => (Array.isArray(o) ? new Operation(o) : o));
    expect(() => (verbs[verb] as (...parts: unknown[]) => unknown)(...parts)).toThrow(error);
  });
});
