/** The words of the status bar: pure, so that every state has its sentence in a test. */
import type { Link, Phase } from "../session";
import type { Saving } from "./saving";

export interface Status {
  tone: "ok" | "busy" | "warn" | "danger";
  text: string;
  /** What a person may do about it. */
  action: "retry" | "reload" | null;
}

/**
 * How many changes are not saved, and how many of them this device keeps; null while it keeps none.
 * `since` is when the change in flight was first sent, in ms since 1970; null while none is. `word` is
 * what there is to say of them on a good connection; left out: as things stand at this moment.
 */
export interface Pending {
  unsaved: number;
  kept: number | null;
  since?: number | null;
  word?: Saving;
}

/** ms after which saving takes longer than a person should not hear of. */
const LONG = 3000;

/** "Saved" is said only when nothing waits for its durable acknowledgement. `now` is in ms since 1970. */
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

/** The pill beside the room's name: the connection in a word, or why there is none. */
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

/** "Updated 14:02", with the date in front of the time when that was not today. */
export function updatedWords(updatedAt: number, now: number): string {
  const at = new Date(updatedAt);
  const today = at.toDateString() === new Date(now).toDateString();
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return `Updated ${today ? time : `${day}, ${time}`}`;
}

/** Only what is written is said to be kept. */
function withPending(text: string, { unsaved, kept }: Pending): string {
  if (unsaved === 0) return text;
  if (kept === null) return `${text} · ${changes(unsaved)} kept in this tab`;
  if (kept === 0) return `${text} · ${changes(unsaved)} not saved yet`;
  return `${text} · ${changes(Math.min(kept, unsaved))} kept on this device`;
}

function changes(count: number): string {
  return count === 1 ? "1 change" : `${count} changes`;
}
