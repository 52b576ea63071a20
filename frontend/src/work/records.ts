/** What is kept on the device of the work in a room. Plain data that a later page must understand. */
import { decodeChange } from "../link/protocol";
import type { KeptChange, Work } from "../room";

/** Of the form of a record. One with another version is not read, and not dropped. */
const VERSION = 1;

interface Common {
  /** The secret key of the page instance whose work it is; anything unique for what was set aside. */
  key: string;
  room: string;
  /** When it was written, in ms since 1970. */
  at: number;
}

/** Work that is to go on. */
export interface WorkRecord extends Common {
  version: typeof VERSION;
  kind: "work";
  work: Work;
}

/** A text that will not be saved, for its author to take away. */
export interface AsideRecord extends Common {
  version: typeof VERSION;
  kind: "aside";
  /** Why, as a sentence. */
  why: string;
  text: string;
}

export type Kept = WorkRecord | AsideRecord;
/** As it is found: written by this version of the page or by another. */
export type Found = Common & { version: number };

export function workRecord(room: string, key: string, work: Work): WorkRecord {
  return { version: VERSION, kind: "work", room, key, at: Date.now(), work };
}

export function asideRecord(room: string, key: string, why: string, text: string): AsideRecord {
  return { version: VERSION, kind: "aside", room, key, at: Date.now(), why, text };
}

/** Null for one that another version of the page has written, or that makes no sense. */
export function understood(found: Found): Kept | null {
  if (found.version !== VERSION) return null;
  const record = found as Kept;
  try {
    if (record.kind === "work")
      for (const { change } of changesOf(record.work)) decodeChange(change);
    return record;
  } catch {
    return null;
  }
}

/** How many changes of the person a record holds. */
export function countOf(work: Work): number {
  return changesOf(work).reduce((sum, { count }) => sum + count, 0);
}

/** What work has put into texts, for people to read. What it has deleted is not told. */
export function textOf(work: Work): string {
  const inserted = changesOf(work).flatMap(({ change }) =>
    change[0] === "edit" ? change[2].filter((component) => typeof component === "string") : [],
  );
  return inserted.join("\n");
}

function changesOf({ inFlight, waiting }: Work): KeptChange[] {
  return inFlight ? [inFlight, ...waiting] : waiting;
}

/** Random: 48 hex digits. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
