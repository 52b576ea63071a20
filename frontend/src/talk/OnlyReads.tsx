import type { ComponentChildren } from "preact";
import { askToEdit } from "../access/asking";
import { mayAsk, mayTalk, whyNot } from "../access/standing";
import { askedIn } from "../access/store";
import type { RoomContext } from "../feature";
import "./composer.css";

interface Props {
  room: RoomContext;
  children: ComponentChildren;
}

/** A field to write in, for people who may talk. It tells other people why they may not. */
export function OnlyReads({ room, children }: Props) {
  const standing = room.session.standing.value;
  if (mayTalk(standing)) return <>{children}</>;
  return (
    <p class="only-reads muted" role="status">
      {whyNot(standing)}{" "}
      {mayAsk(standing) && !askedIn(room).value && (
        <button class="link" type="button" onClick={() => askToEdit(room)}>
          Ask to edit
        </button>
      )}
    </p>
  );
}
