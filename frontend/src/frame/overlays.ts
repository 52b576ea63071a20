/** The windows over the page that load when they are first wanted: at most one is open. */
import { type ReadonlySignal, signal } from "@preact/signals";

export interface Overlay {
  name: "palette" | "shortcuts" | "settings";
  /** What the palette's field begins with. */
  query: string;
  /** Which opening it is, counted from 1. */
  opening: number;
}

let openings = 0;
const current = signal<Overlay | null>(null);
export const overlay: ReadonlySignal<Overlay | null> = current;

export function openPalette(query = ""): void {
  open("palette", query);
}

export function openShortcuts(): void {
  open("shortcuts");
}

export function openSettings(): void {
  open("settings");
}

/** Close this one; another may be open by the time that a window says it is closed. */
export function closeOverlay(closed: Overlay): void {
  if (current.peek() === closed) current.value = null;
}

function open(name: Overlay["name"], query = ""): void {
  openings++;
  current.value = { name, query, opening: openings };
}
