/** Keeps which dialog is open: at most one is. The features say which dialogs there are. */
import { type ReadonlySignal, signal } from "@preact/signals";

export interface Opened {
  id: string;
  /** The content that the dialog begins with; see `WindowProps`. */
  query: string;
  /** The number of this opening, counted from 1. */
  opening: number;
}

let openings = 0;
const current = signal<Opened | null>(null);
export const opened: ReadonlySignal<Opened | null> = current;

export function openDialog(id: string, query = ""): void {
  openings++;
  current.value = { id, query, opening: openings };
}

/** Close this one; another may be open by the time that a window says it is closed. */
export function closeDialog(closed: Opened): void {
  if (current.peek() === closed) current.value = null;
}
