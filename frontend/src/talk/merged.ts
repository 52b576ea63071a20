import type { Message } from "./messages";

/** Merge two lists into one, in the order of the numbers. Of a message in both, keep the later state. */
export function merged(before: readonly Message[], news: readonly Message[]): readonly Message[] {
  if (news.length === 0) return before;
  const all = new Map(before.map((one) => [one.number, one]));
  for (const one of news) {
    const known = all.get(one.number);
    if (!known || known.stamp <= one.stamp) all.set(one.number, one);
  }
  return [...all.values()].sort((a, b) => a.number - b.number);
}
