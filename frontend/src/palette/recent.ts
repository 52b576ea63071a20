/** The actions that were last used from the palette, kept on this device. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { recall, remember } from "../storage";

const KEY = "collab.recent";
const MOST = 5;

const ids = signal<readonly string[]>(kept());
/** Ids of actions, the last one first. */
export const recent: ReadonlySignal<readonly string[]> = ids;

export function used(id: string): void {
  ids.value = [id, ...ids.peek().filter((other) => other !== id)].slice(0, MOST);
  remember(KEY, JSON.stringify(ids.peek()));
}

function kept(): string[] {
  try {
    const read: unknown = JSON.parse(recall(KEY) ?? "[]");
    const all = Array.isArray(read) ? read : [];
    return all.filter((id): id is string => typeof id === "string").slice(0, MOST);
  } catch {
    return [];
  }
}
