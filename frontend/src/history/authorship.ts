/** The authors of a text, as runs of code points that its edits move. Without I/O. */
import { type Component, codePoints } from "../ot";

/** The numbers of bursts, each with how many code points in a row it wrote. */
export type Painted = readonly (readonly [number, number])[];

/** The runs of a text: the end of each, and the burst that wrote it. Neighbours differ. */
export interface Runs {
  readonly ends: readonly number[];
  readonly bursts: readonly number[];
}

class Writer {
  readonly ends: number[] = [];
  readonly bursts: number[] = [];
  #at = 0;

  add(burst: number, count: number): void {
    if (count === 0) return;
    this.#at += count;
    const last = this.ends.length - 1;
    if (this.bursts[last] === burst) this.ends[last] = this.#at;
    else {
      this.ends.push(this.#at);
      this.bursts.push(burst);
    }
  }
}

export function runsOf(painted: Painted): Runs {
  const out = new Writer();
  for (const [burst, count] of painted) out.add(burst, count);
  return out;
}

/** The runs after an edit. `inserted` has the authors of the text that it inserts, from start to end. */
export function advanced(runs: Runs, operation: readonly Component[], inserted: Painted): Runs {
  const out = new Writer();
  let [run, at, painted, used] = [0, 0, 0, 0];
  const pass = (count: number, keep: boolean) => {
    for (let left = count; left > 0; ) {
      const end = runs.ends[run];
      if (end === undefined) throw new RangeError("the edit is of a longer text");
      const taken = Math.min(left, end - at);
      if (keep) out.add(runs.bursts[run] as number, taken);
      at += taken;
      left -= taken;
      if (at === end) run++;
    }
  };
  for (const component of operation) {
    if (typeof component === "number") pass(Math.abs(component), component > 0);
    else {
      for (let left = codePoints(component); left > 0; ) {
        const [burst, count] = inserted[painted] ?? [];
        if (burst === undefined || count === undefined)
          throw new RangeError("who wrote it is missing");
        const taken = Math.min(left, count - used);
        out.add(burst, taken);
        left -= taken;
        used += taken;
        if (used === count) [painted, used] = [painted + 1, 0];
      }
    }
  }
  return out;
}

/** The index of the run that has the code point at a position. */
export function runAt({ ends }: Runs, position: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] as number) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
