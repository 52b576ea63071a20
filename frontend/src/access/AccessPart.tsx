import type { RoomContext } from "../feature";
import { AccessSection } from "./AccessSection";

/** In the share dialog, for the owner: who may enter, and as what. */
export function AccessPart({ room }: { room: RoomContext }) {
  return room.session.standing.value.role === "owner" ? <AccessSection room={room} /> : null;
}
