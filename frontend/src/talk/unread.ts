/** The count of unread messages and the files with comments, which the frame shows. */
import { type Signal, signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import type { FileId } from "../link/protocol";

const counts = new WeakMap<RoomContext, Signal<number>>();
const files = new WeakMap<RoomContext, Signal<ReadonlyMap<FileId, number>>>();

/** How many messages of the chat are not read. */
export function unread(room: RoomContext): Signal<number> {
  return kept(counts, room, 0);
}

/** How many open threads each file has. */
export function commented(room: RoomContext): Signal<ReadonlyMap<FileId, number>> {
  return kept(files, room, new Map());
}

function kept<T>(all: WeakMap<RoomContext, Signal<T>>, room: RoomContext, empty: T): Signal<T> {
  let found = all.get(room);
  if (!found) {
    found = signal(empty);
    all.set(room, found);
  }
  return found;
}
