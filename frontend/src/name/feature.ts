import type { Feature } from "../feature";
import { NameForm } from "./NameForm";
import { RoomName } from "./RoomName";
import { renameAction } from "./renaming";

/** What the room is called, and the ways to call it something else. */
export const name: Feature = {
  id: "name",
  actions: (room) => [renameAction(room)],
  parts: { heading: RoomName, share: NameForm },
  title: ({ session }) => session.facts.value.name,
};
