/**
 * Random keys in one part of a text, while others edit the parts around it between any two keys: the
 * keys do in their part what they do alone. A case ends before a key that alone would leave its part.
 */
import { expect } from "vitest";
import type { Random } from "./random";
import type { Typist } from "./typist";

export interface Parts {
  before: string;
  own: string;
  after: string;
}

/** `open` makes an editor whose keymap remembers nothing; `keys` are typed after the caret is put into the own part. */
export function expectMerged(
  random: Random,
  open: (text: string) => Typist,
  parts: Parts,
  keys: readonly string[],
): number {
  const alone = open(parts.before + parts.own + parts.after);
  start(alone, parts);
  const steps: string[] = [];
  for (const key of keys) {
    alone.press(key);
    const step = own(alone, parts);
    if (step === null) break;
    steps.push(step);
  }
  alone.destroy();

  const among = open(parts.before + parts.own + parts.after);
  start(among, parts);
  const around = { ...parts };
  steps.forEach((step, index) => {
    editAround(random, among, around);
    among.press(keys[index] ?? "");
    const typed = keys.slice(0, index + 1).join(" ");
    expect(own(among, around), `after ${typed}`).toBe(step);
  });
  among.destroy();
  return steps.length;
}

export function seeds(usual: number): number[] {
  const [from, to] = (import.meta.env.FUZZ_SEEDS ?? `0-${usual}`).split("-").map(Number);
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function start({ view }: Typist, { before, own }: Parts): void {
  view.dispatch({ selection: { anchor: before.length + Math.floor(own.length / 2) } });
}

/** The own part and what is selected in it; null when the text around is another, or has the caret. */
function own({ view, text }: Typist, { before, after }: Parts): string | null {
  const end = text.length - after.length;
  if (end < before.length || !text.startsWith(before) || !text.endsWith(after)) return null;
  const { ranges } = view.state.selection;
  if (ranges.some(({ from, to }) => from < before.length || to > end)) return null;
  const places = ranges.map(({ anchor, head }) => [anchor - before.length, head - before.length]);
  return `${text.slice(before.length, end)} ${JSON.stringify(places)}`;
}

function editAround(random: Random, typist: Typist, parts: Parts): void {
  for (let times = random.below(3); times > 0; times--) {
    const first = random.chance(50);
    const part = first ? parts.before : parts.after;
    // Not at the border of the own part.
    const at = first ? random.below(part.length) : 1 + random.below(part.length);
    const most = first ? part.length - 1 - at : part.length - at;
    const deleted = random.chance(30) ? random.below(Math.min(3, most) + 1) : 0;
    const inserted = random.pick(
      part.includes("\n") ? ["R", "RR ", "R\n", "\nRR\nR"] : ["R", "RR "],
    );
    const offset = first ? at : typist.text.length - part.length + at;
    typist.remote(offset, inserted, deleted);
    const edited = part.slice(0, at) + inserted + part.slice(at + deleted);
    if (first) parts.before = edited;
    else parts.after = edited;
  }
}
