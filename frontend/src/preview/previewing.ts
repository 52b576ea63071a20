/** Tells which files are shown with their preview. The device keeps it. */
import { signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import type { FileInfo } from "../link/protocol";
import { recall, remember } from "../storage";

const KEY = "collab.previews";
/** The most files that the device remembers. */
const MOST = 100;

/** The files by room and id, the latest first. */
const shown = signal(kept());

export function kindOfPreview({ path, language }: FileInfo): "markdown" | "svg" | null {
  if (language === "markdown") return "markdown";
  return /\.svg$/i.test(path) ? "svg" : null;
}

/** Tell whether a file is shown with its preview. Reads a signal. */
export function isPreviewed(room: RoomContext, { id }: FileInfo): boolean {
  return shown.value.includes(keyOf(room, id));
}

export function preview(room: RoomContext, { id }: FileInfo, on: boolean): void {
  const key = keyOf(room, id);
  const others = shown.peek().filter((one) => one !== key);
  shown.value = (on ? [key, ...others] : others).slice(0, MOST);
  remember(KEY, shown.peek().length > 0 ? JSON.stringify(shown.peek()) : null);
}

function keyOf(room: RoomContext, id: string): string {
  return `${room.id} ${id}`;
}

function kept(): readonly string[] {
  try {
    const read: unknown = JSON.parse(recall(KEY) ?? "[]");
    return Array.isArray(read) ? read.filter((one) => typeof one === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}
