/** The runs of the room that the page knows to go on. */
import { signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import type { RunState } from "./messages";

export const running = signal<ReadonlySet<number>>(new Set());

export function noteState({ run, state }: RunState): void {
  const next = new Set(running.peek());
  if (state === "ended" ? next.delete(run) : !next.has(run) && next.add(run)) running.value = next;
}

/** Tell whether something can be sent to a program. Tells the person if not. */
export function isLive({ session }: RoomContext): boolean {
  if (session.link.peek().state === "live") return true;
  session.say("warn", "Not sent: there is no connection.");
  return false;
}
