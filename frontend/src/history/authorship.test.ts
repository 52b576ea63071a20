import { expect, test } from "vitest";
import { type Component, codePoints } from "../ot";
import { Random } from "../testing/random";
import { advanced, type Painted, type Runs, runAt, runsOf } from "./authorship";

/** The burst of each code point. */
function spelt({ ends, bursts }: Runs): number[] {
  return ends.flatMap((end, index) =>
    Array<number>(end - (ends[index - 1] ?? 0)).fill(bursts[index] as number),
  );
}

test("runs go along with edits as one code point after the other does", () => {
  const random = new Random(7);
  const below = (most: number) => random.below(most);
  let expected = [1, 1, 2];
  let runs = runsOf([
    [1, 2],
    [2, 1],
  ]);
  for (let edit = 0; edit < 400; edit++) {
    const operation: Component[] = [];
    const inserted: [number, number][] = [];
    const after: number[] = [];
    for (let at = 0; at <= expected.length; ) {
      if (below(4) === 0) {
        const text = random.pick(["a", "bc", "🪐", "d🪐e"]);
        const first = below(codePoints(text) + 1);
        const parts: [number, number][] = [
          [below(5), first],
          [below(5), codePoints(text) - first],
        ];
        for (const [burst, count] of parts.filter(([, count]) => count > 0)) {
          inserted.push([burst, count]);
          after.push(...Array<number>(count).fill(burst));
        }
        operation.push(text);
      }
      if (at === expected.length) break;
      const count = Math.min(1 + below(3), expected.length - at);
      const keep = below(3) > 0;
      operation.push(keep ? count : -count);
      if (keep) after.push(...expected.slice(at, at + count));
      at += count;
    }
    runs = advanced(runs, operation, inserted as Painted);
    expected = after;
    expect(spelt(runs)).toEqual(expected);
    expect(runs.bursts.every((burst, index) => burst !== runs.bursts[index + 1])).toBe(true);
    const place = below(expected.length + 1);
    expect(runs.bursts[runAt(runs, place)]).toBe(expected[place]);
  }
});

test("an edit of another text is no edit of this one", () => {
  expect(() => advanced(runsOf([[1, 2]]), [3], [])).toThrow(RangeError);
  expect(() => advanced(runsOf([[1, 2]]), [2, "a"], [])).toThrow(RangeError);
});
