/** The windows over the page that load when they are first wanted: at most one is open. */
import { type ReadonlySignal, signal } from "@preact/signals";

export type Overlay =
  /** `query`: what its field begins with. */
  { name: "palette"; query: string } | { name: "shortcuts" } | { name: "settings" };

const current = signal<Overlay | null>(null);
export const overlay: ReadonlySignal<Overlay | null> = current;

export function openPalette(query = ""): void {
  current.value = { name: "palette", query };
}

export function openShortcuts(): void {
  current.value = { name: "shortcuts" };
}

export function openSettings(): void {
  current.value = { name: "settings" };
}

export function closeOverlay(): void {
  current.value = null;
}
