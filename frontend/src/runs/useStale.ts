import { effect, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RoomContext } from "../feature";
import type { RunState } from "./messages";
import type { Ran } from "./ran";

/** The time in ms after an edit until the texts are compared again. */
const PAUSE = 400;

/** Tell whether the file that a run ran has another text now. Reads signals. */
export function useStale(room: RoomContext, ran: Ran, { path }: RunState): boolean {
  const stale = useSignal(false);
  useEffect(() => {
    if (!path) return;
    const { session } = room;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let here = true;
    const look = async () => {
      const file = (await ran.files()).get(path);
      if (!file || !session.hasText(file)) return;
      const text = await ran.text(path);
      if (here) stale.value = session.textOf(file) !== text;
    };
    // Nothing was changed yet when a run begins.
    let fresh = ran.isFresh;
    const stop = effect(() => {
      session.here.value;
      const file = session.files.value.find((file) => file.path === path);
      const changes = file && session.documentOf(file.id)?.changes.value;
      if (fresh && changes !== undefined) fresh = false;
      else {
        clearTimeout(timer);
        // Without an answer of the server the note stays as it is.
        timer = setTimeout(() => look().catch(() => {}), PAUSE);
      }
    });
    return () => {
      here = false;
      clearTimeout(timer);
      stop();
    };
  }, [room, ran, path]);
  return stale.value;
}
