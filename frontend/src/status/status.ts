/** Makes the words of the status bar. It is pure, so that a test has the words for every state. */
import type { Link } from "../link/connection";
import type { Phase } from "../link/events";
import type { Saving } from "./saving";

export interface Status {
  tone: "ok" | "busy" | "warn" | "danger";
  text: string;
  /** The action that the status offers. */
  action: "retry" | "reload" | null;
}

/**
 * `unsaved` is the number of changes that are not saved. `kept` is how many of them this device keeps; null
 * if it cannot keep any. `since` is the time at which the change in flight was first sent, in ms since 1970;
 * null if there is none. `word` is the word on a good connection; without it, the numbers of this moment decide.
 */
export interface Pending {
  unsaved: number;
  kept: number | null;
  since?: number | null;
  word?: Saving;
}

/** ms of saving after which the status tells the person that it takes long. */
const LONG = 3000;

/** The words for a state. "Saved" only if no change waits for its durable acknowledgement. `now` is in ms since 1970. */
export function statusWords(link: Link, pending: Pending, phase: Phase, now: number): Status {
  if (phase === "missing") return { tone: "danger", text: "Room not found", action: null };
  if (phase === "outdated") {
    return { tone: "warn", text: withPending("New version", pending), action: "reload" };
  }
  if ("restarting" in link && link.restarting && phase === "open") {
    const text = withPending("Server restarting, your work is safe", pending);
    return { tone: "busy", text, action: null };
  }
  switch (link.state) {
    case "offline":
      return { tone: "warn", text: withPending("Offline", pending), action: null };
    case "waiting": {
      const seconds = Math.max(1, Math.ceil((link.retryAt - now) / 1000));
      const text = withPending(`Reconnecting in ${seconds} s`, pending);
      return { tone: "warn", text, action: "retry" };
    }
    case "connecting":
      if (phase === "opening") return { tone: "busy", text: "Opening the room…", action: null };
      return { tone: "busy", text: withPending("Connecting…", pending), action: null };
    case "live":
      if (phase === "opening") return { tone: "busy", text: "Opening the room…", action: null };
      if (link.doubted) {
        return { tone: "busy", text: withPending("Checking…", pending), action: null };
      }
      if (pending.unsaved > 0 && now - (pending.since ?? now) >= LONG) {
        const text = `Saving… · ${changes(pending.unsaved)} not saved yet`;
        return { tone: "warn", text, action: null };
      }
      return savingStatus(pending);
  }
}

function savingStatus({ unsaved, word }: Pending): Status {
  if (word === "saving" || (unsaved > 0 && !word)) {
    return { tone: "busy", text: "Saving…", action: null };
  }
  if (word === "editing" || unsaved > 0) return { tone: "busy", text: "Editing…", action: null };
  return { tone: "ok", text: "Saved", action: null };
}

/** The words of the pill beside the room's name: the state of the connection, or the reason why there is none. */
export function linkWord(link: Link, phase: Phase): { tone: Status["tone"]; text: string } {
  if (phase === "outdated") return { tone: "warn", text: "New version" };
  if ("restarting" in link && link.restarting) return { tone: "busy", text: "Restarting" };
  switch (link.state) {
    case "live":
      return { tone: "ok", text: "Live" };
    case "connecting":
      return { tone: "busy", text: "Connecting" };
    case "waiting":
      return { tone: "warn", text: "Reconnecting" };
    case "offline":
      return { tone: "warn", text: "Offline" };
  }
}

/** "Updated 14:02", with the date in front of the time if that was not today. */
export function updatedWords(updatedAt: number, now: number): string {
  const at = new Date(updatedAt);
  const today = at.toDateString() === new Date(now).toDateString();
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return `Updated ${today ? time : `${day}, ${time}`}`;
}

/** Add the number of unsaved changes. They are called kept only if they are written. */
function withPending(text: string, { unsaved, kept }: Pending): string {
  if (unsaved === 0) return text;
  if (kept === null) return `${text} · ${changes(unsaved)} kept in this tab`;
  if (kept === 0) return `${text} · ${changes(unsaved)} not saved yet`;
  return `${text} · ${changes(Math.min(kept, unsaved))} kept on this device`;
}

function changes(count: number): string {
  return count === 1 ? "1 change" : `${count} changes`;
}
