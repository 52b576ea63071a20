import { useSignal, useSignalEffect } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { RoomContext } from "../feature";
import { loaded } from "../ui/loaded";

/** ms after the room is open. Until then the text comes first. */
const PAUSE = 1500;

/** Loads the talk of the room, some time after the room is open. */
export function Later({ room }: { room: RoomContext }) {
  const Loaded = useSignal<{ it: FunctionComponent<{ room: RoomContext }> } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useSignalEffect(() => {
    const live = room.session.link.value.state === "live" && room.session.phase.value === "open";
    if (!live || Loaded.peek()) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      loaded(
        () => import("./Announcer"),
        ({ Announcer }) => {
          Loaded.value = { it: Announcer };
        },
        () => {}, // Opening the chat tries again, and so does the next connection.
      );
    }, PAUSE);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return Loaded.value && <Loaded.value.it room={room} />;
}
