import type { RoomContext } from "../feature";
import { linkWord } from "./status";

/** The state of the connection in a word, beside the name of the room. */
export function LinkPill({ room }: { room: RoomContext }) {
  const { link, phase } = room.session;
  const { tone, text } = linkWord(link.value, phase.value);
  return (
    <span class="pill" data-tone={tone}>
      <span class="dot" />
      {text}
    </span>
  );
}
