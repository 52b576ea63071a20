/** The records of work that the device keeps. They are plain data that a later page must understand. */
import { decodeChange } from "../link/protocol";
import type { KeptChange, Work } from "../room";

/** The version of a record's form. A record of another version is neither read nor dropped. */
const VERSION = 1;

interface Common {
  /** The secret key of the page instance whose work it is; anything unique for a text set aside. */
  key: string;
  room: string;
  /** The time of writing, in ms since 1970. */
  at: number;
}

/** Work that a page can continue. */
export interface WorkRecord extends Common {
  version: typeof VERSION;
  kind: "work";
  work: Work;
}

/** A text that will not be saved. Its author can download it. */
export interface AsideRecord extends Common {
  version: typeof VERSION;
  kind: "aside";
  /** The reason, as a sentence. */
  why: string;
  text: string;
}

export type Kept = WorkRecord | AsideRecord;
/** A record as it is found, written by this or another version of the page. */
export type Found = Common & { version: number };

export function workRecord(room: string, key: string, work: Work): WorkRecord {
  return { version: VERSION, kind: "work", room, key, at: Date.now(), work };
}

export function asideRecord(room: string, key: string, why: string, text: string): AsideRecord {
  return { version: VERSION, kind: "aside", room, key, at: Date.now(), why, text };
}

/** Return the record; null if another version of the page wrote it, or if it makes no sense. */
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

/** The number of the person's changes in a record. */
export function countOf(work: Work): number {
  return changesOf(work).reduce((sum, { count }) => sum + count, 0);
}

/** The text that the work inserts, for people to read. Deletions are left out. */
export function textOf(work: Work): string {
  const inserted = changesOf(work).flatMap(({ change }) =>
    change[0] === "edit" ? change[2].filter((component) => typeof component === "string") : [],
  );
  return inserted.join("\n");
}

function changesOf({ inFlight, waiting }: Work): KeptChange[] {
  return inFlight ? [inFlight, ...waiting] : waiting;
}

/** A random key of 48 hex digits. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
