/** The revisions to which the arrow keys lead, and the speed at which the past plays. Without I/O. */
import type { PastEntry } from "./api";

/** Pauses longer than this are not waited for, and one that ends a burst: both in ms. */
const LONGEST_WAIT = 1000;
const BURST_PAUSE = 60_000;

/** The file that an entry edits, or adds; null if it does neither. */
export function fileOf({ change: [kind, ...rest] }: PastEntry): string | null {
  if (kind === "edit" || kind === "add") return rest[0] as string;
  if (kind !== "many") return null;
  for (const part of rest[0] as [string, string][]) {
    if (part[0] === "edit" || part[0] === "add") return part[1];
  }
  return null;
}

function goesOn(before: PastEntry, entry: PastEntry): boolean {
  return (
    before.author === entry.author &&
    before.person === entry.person &&
    fileOf(before) === fileOf(entry) &&
    entry.at - before.at <= BURST_PAUSE
  );
}

/** The last revision of each burst: edits of one person in one file, with nobody's between. */
export function burstEnds(entries: readonly PastEntry[]): number[] {
  const ends: number[] = [];
  entries.forEach((entry, index) => {
    const next = entries[index + 1];
    if (!next || !goesOn(entry, next)) ends.push(entry.revision);
  });
  return ends;
}

/** The entry that is shown after so many ms of playing, from the first one on, idle time skipped. */
export function played(entries: readonly PastEntry[], ms: number): number {
  let left = ms;
  for (let index = 1; index < entries.length; index++) {
    const pause = (entries[index]?.at ?? 0) - (entries[index - 1]?.at ?? 0);
    left -= Math.min(LONGEST_WAIT, Math.max(pause, 1));
    if (left < 0) return index - 1;
  }
  return entries.length - 1;
}

/** The nearest of sorted revisions before (-1) or after (1) one; null if there is none. */
export function nearest(
  revisions: readonly number[],
  revision: number,
  direction: 1 | -1,
): number | null {
  if (direction > 0) return revisions.find((one) => one > revision) ?? null;
  return revisions.findLast((one) => one < revision) ?? null;
}
