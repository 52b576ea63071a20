/** Bursts, which are edits of one person in one file without a pause, in words for people. */
import type { Burst } from "./api";

/** How text comes about, by the name that the log has for it. */
export const KINDS: Readonly<Record<string, string>> = {
  typed: "typed",
  pasted: "pasted",
  suggestion: "accepted suggestion",
  formatted: "formatted",
  import: "imported",
  tool: "by a program",
  ai: "proposed by AI",
};

/** The coloured part of a text: all of it, the text of one person, or the text of one kind of change. */
export interface Shown {
  readonly coloured: boolean;
  readonly person: string | null;
  readonly kind: string | null;
}

export function kindOf({ origin }: Burst): string {
  return origin ?? "typed";
}

export function isShown(burst: Burst, { person, kind }: Shown): boolean {
  return (person === null || burst.person === person) && (kind === null || kindOf(burst) === kind);
}

/** "Ana, Tuesday 14:02, revision 812 (pasted)"; one that is not saved yet has neither a time nor a revision. */
export function wordsOf(burst: Burst): string {
  const { name, at, last } = burst;
  const kind = kindOf(burst);
  const how = kind === "typed" ? "" : ` (${KINDS[kind] ?? kind})`;
  if (last === 0) return `${name}, just now${how}`;
  const time = new Date(at).toLocaleString(undefined, {
    weekday: "long",
    hour: "2-digit",
    minute: "2-digit",
  });
  return `${name || "The room"}, ${time}, revision ${last}${how}`;
}
