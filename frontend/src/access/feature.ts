import { effect } from "@preact/signals";
import { Lock, LockOpen, PencilLine } from "lucide";
import type { Feature, RoomContext } from "../feature";
import { askToEdit, atDoor } from "./asking";
import { mayAsk, mayWrite, whyNot } from "./standing";
import { waitingOf } from "./store";
import { ViewerPill } from "./ViewerPill";

/**
 * Tell the person when they may not type any more, or may again, and an owner that somebody asks. Returns a function
 * that ends this.
 */
function attend(room: RoomContext): () => void {
  const { session } = room;
  let before = true;
  session.hear(({ type }) => {
    if (type !== "waiting") return;
    waitingOf(room).value++;
    atDoor(room, (it) => void it.learnWhoWaits(room));
  });
  return effect(() => {
    const standing = session.standing.value;
    const may = mayWrite(standing);
    if (may !== before) {
      const ask = { label: "Ask to edit", run: () => askToEdit(room) };
      session.say(
        "info",
        may ? "You can write here now." : whyNot(standing),
        mayAsk(standing) ? ask : undefined,
      );
    }
    before = may;
  });
}

/** The feature of access to a room: its door, roles, links, and people who wait to be let in. */
export const access: Feature = {
  id: "access",
  actions: (room) => {
    const standing = room.session.standing.value;
    const { role, locked } = standing;
    if (mayAsk(standing)) {
      return [
        {
          id: "room.ask",
          title: "Ask to edit",
          section: "Room",
          icon: PencilLine,
          words: "viewer write permission owner",
          more: 2,
          run: () => askToEdit(room),
        },
      ];
    }
    if (role !== "owner") return [];
    return [
      {
        id: "room.lock",
        title: locked ? "Unlock the room" : "Lock the room, so that the others only watch",
        section: "Room",
        icon: locked ? LockOpen : Lock,
        words: "teacher read only freeze",
        run: () => atDoor(room, (it) => void it.lock(room, !locked)),
      },
    ];
  },
  parts: { pill: ViewerPill },
  ofShare: async () => (await import("./AccessPart")).AccessPart,
  ofPerson: async () => (await import("./RoleMenu")).RoleMenu,
  attend,
};
