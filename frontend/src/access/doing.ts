/** Carries out what people do at the door of a room. The page loads it when they first do it. */
import type { RoomContext } from "../feature";
import { doorsOf } from "./api";
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
