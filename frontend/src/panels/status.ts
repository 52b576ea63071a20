/** The words of the status bar: pure, so that every state has its sentence in a test. */
import type { Link, Phase } from "../session";

export interface Status {
  tone: "ok" | "busy" | "warn" | "danger";
  text: string;
  /** What a person may do about it. */
  action: "retry" | "reload" | null;
}

/** "Saved" is said only when nothing waits for its durable acknowledgement. `now` is in ms since 1970. */
export function statusWords(link: Link, unsaved: number, phase: Phase, now: number): Status {
  if (phase === "missing") return { tone: "danger", text: "Room not found", action: null };
  if (phase === "outdated") {
    return { tone: "warn", text: withUnsaved("New version", unsaved), action: "reload" };
  }
  if ("restarting" in link && link.restarting && phase === "open") {
    const text = withUnsaved("Server restarting, your work is safe", unsaved);
    return { tone: "busy", text, action: null };
  }
  switch (link.state) {
    case "offline":
      return { tone: "warn", text: withUnsaved("Offline", unsaved), action: null };
    case "waiting": {
      const seconds = Math.max(1, Math.ceil((link.retryAt - now) / 1000));
      const text = withUnsaved(`Reconnecting in ${seconds} s`, unsaved);
      return { tone: "warn", text, action: "retry" };
    }
    case "connecting":
      if (phase === "opening") return { tone: "busy", text: "Opening the room…", action: null };
      return { tone: "busy", text: withUnsaved("Connecting…", unsaved), action: null };
    case "live":
      if (phase === "opening") return { tone: "busy", text: "Opening the room…", action: null };
      if (unsaved > 0) return { tone: "busy", text: "Saving…", action: null };
      return { tone: "ok", text: "Saved", action: null };
  }
}

/** The pill beside the room's name: the connection in one word. */
export function linkWord(link: Link): { tone: Status["tone"]; text: string } {
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

export function peopleWords(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}

/** "Updated 14:02", with the date in front of the time when that was not today. */
export function updatedWords(updatedAt: number, now: number): string {
  const at = new Date(updatedAt);
  const today = at.toDateString() === new Date(now).toDateString();
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return `Updated ${today ? time : `${day}, ${time}`}`;
}

function withUnsaved(text: string, unsaved: number): string {
  if (unsaved === 0) return text;
  return `${text} · ${unsaved === 1 ? "1 change" : `${unsaved} changes`} not saved yet`;
}
