import type { RoomContext } from "../feature";
import { NOT_LOADED } from "../frame/words";
import { loaded } from "../ui/loaded";

/** Load what is done at the door, and call `act` with it. */
export function atDoor(room: RoomContext, act: (doing: typeof import("./doing")) => void): void {
  loaded(
    () => import("./doing"),
    act,
    () => room.session.say("warn", NOT_LOADED),
  );
}

export const askToEdit = (room: RoomContext) => atDoor(room, (it) => void it.knock(room));
