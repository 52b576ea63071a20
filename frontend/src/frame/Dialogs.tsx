import { useEffect } from "preact/hooks";
import type { RoomContext } from "../feature";
import { closeDialog, opened } from "./dialogs";
import { Guard } from "./Guard";
import { NOT_LOADED } from "./words";

/** ms after the page has a link at which all windows are fetched, for them to open without one. */
const UNASKED = 2000;

/** The dialog that is open, if one is. */
export function Dialogs({ room }: { room: RoomContext }) {
  const live = room.session.link.value.state === "live";
  useEffect(() => {
    if (!live) return;
    const fetchAll = () => {
      for (const { fetch } of dialogsOf(room)) fetch().catch(() => {});
    };
    const timer = setTimeout(fetchAll, UNASKED);
    return () => clearTimeout(timer);
  }, [live, room]);
  const open = opened.value;
  const dialog = dialogsOf(room).find(({ id }) => id === open?.id);
  if (!open || !dialog) return null;
  const close = () => closeDialog(open);
  const tell = () => room.session.say("warn", NOT_LOADED);
  const { Window } = dialog;
  return (
    <Guard key={open.opening} onFail={close}>
      <Window room={room} query={open.query} onClose={close} onFail={tell} />
    </Guard>
  );
}

function dialogsOf({ features }: RoomContext) {
  return features.flatMap(({ dialogs = [] }) => dialogs);
}
