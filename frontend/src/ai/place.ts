/** Finds the selection in the text that the server knows. */
import { effect } from "@preact/signals";
import { toPosition } from "../editor/astral";
import type { RoomContext } from "../feature";
import type { Place } from "./api";

/** ms that own changes may take until they are saved. */
const PATIENCE = 3000;

/** Resolve once all own changes are saved; false if they are not in time. */
export function saved({ session }: RoomContext): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(false), PATIENCE);
    const end = effect(() => {
      if (session.unsaved.value === 0) queueMicrotask(() => finish(true));
    });
    function finish(are: boolean): void {
      clearTimeout(timer);
      end();
      resolve(are);
    }
  });
}

/** Return the place of a part of the shown file, in UTF-16 units. Call it when all is saved. */
export function placeOf(room: RoomContext, from: number, to: number): Place | null {
  const editor = room.editor.peek();
  const { revision } = room.session;
  let place: Place | null = null;
  editor?.run(({ state }) => {
    if (revision === null || to > state.doc.length) return false;
    const at = (offset: number) => toPosition(state, offset);
    place = { file: editor.file, revision, start: at(from), end: at(to) };
    return true;
  });
  return place;
}
