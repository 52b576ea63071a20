/** Carries out the actions of the files feature. It is loaded when the first action is run. */
import type { RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { showPane } from "../frame/open";
import type { TreeNode } from "../room/tree";
import { copyLinkTo } from "./links";
import { PANE } from "./pane";
import { filesOf } from "./store";

export { goToLinkedPlace } from "./linked";

export function nameNew(room: RoomContext, kind: "file" | "folder"): void {
  const store = filesOf(room);
  showPane(PANE);
  store.name({ kind, parent: store.folder });
}

export function rename(room: RoomContext): void {
  const store = filesOf(room);
  const [only] = chosen(room);
  if (!only) return;
  showPane(PANE);
  store.reveal(only.id);
  store.name({ kind: "rename", id: only.id });
}

export function duplicate(room: RoomContext): void {
  filesOf(room).duplicate(chosen(room));
}

export function move(room: RoomContext): void {
  if (chosen(room).length > 0) openDialog("move");
}

export function remove(room: RoomContext): void {
  filesOf(room).remove(chosen(room).map(({ id }) => id));
}

/** Return the nodes that an action applies to. Tells the person if there are none. */
function chosen(room: RoomContext): TreeNode[] {
  const { chosen } = filesOf(room);
  if (chosen.length === 0) room.session.say("info", "Choose a file or folder first.");
  return chosen;
}

export function link(room: RoomContext): void {
  const path = room.session.activeFile.peek()?.path;
  if (path) void copyLinkTo(room, path, room.editor.peek()?.lines());
}
