/** What the actions of this family do; it is loaded when the first one is wanted. */
import type { RoomContext } from "../feature";
import { copyLink } from "./links";

export { goToLinkedPlace } from "./linked";

export function link(room: RoomContext): void {
  const path = room.session.activeFile.peek()?.path;
  if (path) void copyLink(room, path, room.editor.peek()?.lines());
}
