/** Keeps what the page knows of people who wait to be let in. */
import { type Signal, signal } from "@preact/signals";
import type { RoomContext } from "../feature";

const told = new WeakMap<RoomContext, Signal<number>>();

/** Counts up whenever the list of those who wait may have changed. */
export function waitingOf(room: RoomContext): Signal<number> {
  const count = told.get(room) ?? signal(0);
  told.set(room, count);
  return count;
}

const asked = new WeakMap<RoomContext, Signal<boolean>>();

/** Tells whether the person here has asked for the right to edit. */
export function askedIn(room: RoomContext): Signal<boolean> {
  const known = asked.get(room) ?? signal(false);
  asked.set(room, known);
  return known;
}
