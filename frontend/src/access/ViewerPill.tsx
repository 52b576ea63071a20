import type { RoomContext } from "../feature";
import { askToEdit } from "./asking";
import { mayAsk, mayWrite, whyNot } from "./standing";
import { askedIn } from "./store";

/** Says that the person here only watches, and offers to ask for more. */
export function ViewerPill({ room }: { room: RoomContext }) {
  const { session } = room;
  const standing = session.standing.value;
  if (mayWrite(standing)) return null;
  return (
    <span class="pill" data-tone="warn" title={whyNot(standing)}>
      {standing.locked ? "Locked" : "Viewing"}
      {mayAsk(standing) && !askedIn(room).value && (
        <button class="quiet" type="button" onClick={() => askToEdit(room)}>
          Ask to edit
        </button>
      )}
    </span>
  );
}
