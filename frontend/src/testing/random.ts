/** Seeded choices, so that every random case can be run again. The generator is Mulberry32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 up to and without `below`. */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(from: readonly T[]): T {
    const chosen = from[this.below(from.length)];
    if (chosen === undefined) throw new Error("there is nothing to pick from");
    return chosen;
  }

  /** A text of up to `longest` characters, some of them astral or of several code points. */
  text(longest: number): string {
    const length = this.below(longest + 1);
    return Array.from({ length }, () => this.pick(CHARACTERS)).join("");
  }
}

const CHARACTERS = ["a", "b", "c", " ", "\n", "é", "漢", "😀", "🏳️‍🌈", "𝒳"];
