/** Carries out what people do at the door of a room. The page loads it when they first do it. */
import type { RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { latest } from "../ui/latest";
import { doorsOf, type Waiter } from "./api";
import { askedIn } from "./store";

/** Lock or unlock the room. */
export async function lock(room: RoomContext, locked: boolean): Promise<void> {
  try {
    await doorsOf(room.id).regulate({ locked });
  } catch (error) {
    room.session.say("warn", (error as Error).message);
  }
}

/** Ask the owner for the right to edit, and tell the person here what came of it. */
export async function knock(room: RoomContext): Promise<void> {
  const { session } = room;
  try {
    const { state } = await doorsOf(room.id).knock(session.self.name);
    askedIn(room).value = state !== "not_asked";
    session.say("info", state === "waiting" ? "The owner is asked." : "The owner has said no.");
  } catch (error) {
    session.say("warn", (error as Error).message);
  }
}

const shown = new WeakMap<RoomContext, { label: string; run(): void }>();

const read = latest();

/** Ask who waits, after word that the list has changed, and tell the owner. */
export async function learnWhoWaits(room: RoomContext): Promise<void> {
  try {
    await read(doorsOf(room.id).waiting(), (waiters) => tellWhoWaits(room, waiters));
  } catch {
    // The door's dialog asks again.
  }
}

/** Show one notice of all who wait, and none once they have their answer. */
export function tellWhoWaits(room: RoomContext, [first, ...others]: readonly Waiter[]): void {
  const { session } = room;
  const before = session.notices.peek().find(({ action }) => action && action === shown.get(room));
  if (before) session.dismiss(before.id);
  if (!first) return;
  const action = { label: "See who", run: () => openDialog("share") };
  shown.set(room, action);
  const who = others.length ? `${first.name} and ${others.length} more ask` : `${first.name} asks`;
  session.say("info", `${who} to come in or to edit.`, action);
}
