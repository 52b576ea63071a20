/** What the actions of this family do; it is loaded when the first one is wanted. */
import type { RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { showPane } from "../frame/open";
import { copyLink } from "./links";
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
  const [only] = store.chosen;
  if (!only) return;
  showPane(PANE);
  store.reveal(only.id);
  store.name({ kind: "rename", id: only.id });
}

export function duplicate(room: RoomContext): void {
  const store = filesOf(room);
  store.duplicate(store.chosen);
}

export function move(): void {
  openDialog("move");
}

export function remove(room: RoomContext): void {
  const store = filesOf(room);
  store.remove(store.chosen.map(({ id }) => id));
}

export function link(room: RoomContext): void {
  const path = room.session.activeFile.peek()?.path;
  if (path) void copyLink(room, path, room.editor.peek()?.lines());
}
