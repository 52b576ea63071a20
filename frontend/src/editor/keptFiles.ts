/**
 * Keeps, on this device, which files a person had open in a room and where they were in each. It is
 * written at once. `lastTexts` also stores the place, with the text, but a busy device writes that
 * late.
 */
import type { FileId } from "../link/protocol";
import { recall, remember } from "../storage";
import type { Place } from "./document";

export interface KeptFiles {
  open: readonly FileId[];
  active: FileId | null;
  places: Readonly<Record<FileId, Place>>;
}

const KEY = "collab.open";
/** The most rooms that the device remembers, and the most files of each. */
const MOST_ROOMS = 20;
const MOST_FILES = 50;

const NONE: KeptFiles = { open: [], active: null, places: {} };

export function keptFiles(room: string): KeptFiles {
  return all().find(([id]) => id === room)?.[1] ?? NONE;
}

export function keepFiles(room: string, kept: KeptFiles): void {
  const others = all().filter(([id]) => id !== room);
  const open = kept.open.slice(0, MOST_FILES);
  const own: Kept[] = open.length > 0 ? [[room, { ...kept, open }]] : [];
  const rooms = [...own, ...others].slice(0, MOST_ROOMS);
  remember(KEY, rooms.length > 0 ? JSON.stringify(rooms) : null);
}

type Kept = [room: string, KeptFiles];

function all(): Kept[] {
  try {
    const read: unknown = JSON.parse(recall(KEY) ?? "[]");
    return Array.isArray(read) ? read.flatMap((one) => understood(one) ?? []) : [];
  } catch {
    return [];
  }
}

/** Check what storage returned, since that may be anything. */
function understood(read: unknown): [Kept] | null {
  if (!Array.isArray(read) || typeof read[0] !== "string" || !isRecord(read[1])) return null;
  const { open, active, places } = read[1];
  const ids = Array.isArray(open) ? open.filter((id): id is string => typeof id === "string") : [];
  const known = isRecord(places)
    ? Object.fromEntries(
        Object.entries(places).filter((one): one is [string, Place] => isPlace(one[1])),
      )
    : {};
  const shown = typeof active === "string" ? active : null;
  return [[read[0], { open: ids, active: shown, places: known }]];
}

function isPlace(read: unknown): read is Place {
  return isRecord(read) && ["anchor", "head", "top"].every((name) => isPosition(read[name]));
}

function isPosition(read: unknown): boolean {
  return typeof read === "number" && Number.isSafeInteger(read) && read >= 0;
}

function isRecord(read: unknown): read is Record<string, unknown> {
  return typeof read === "object" && read !== null && !Array.isArray(read);
}
