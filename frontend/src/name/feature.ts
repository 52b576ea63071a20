import type { Feature } from "../feature";
import { RoomName } from "./RoomName";
import { renameAction } from "./renaming";

/** Shows the room's name and offers the ways to change it. */
export const name: Feature = {
  id: "name",
  actions: (room) => [renameAction(room)],
  parts: { heading: RoomName },
  ofShare: async () => (await import("./NameForm")).NameForm,
  title: ({ session }) => session.facts.value.name,
};
