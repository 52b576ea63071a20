import { effect } from "@preact/signals";
import type { RoomContext } from "../feature";
import type { FileId } from "../link/protocol";

/**
 * The pause in typing before a preview follows, in ms; and the number of UTF-16 units of a text that
 * make it one ms longer.
 */
const PAUSE = 80;
const UNITS = 4000;

/**
 * Call `tell` with the text of the shown file, now and whenever the text has changed. Returns a
 * function that ends it.
 */
export function whenTyped(
  room: RoomContext,
  file: FileId,
  tell: (text: string) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = 0;
  const stop = effect(() => {
    // Read signals only here: `tell` runs later.
    room.editor.value?.changes.value;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const text = room.session.textOf(file);
      pause = PAUSE + text.length / UNITS;
      tell(text);
    }, pause);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
