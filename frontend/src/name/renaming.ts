/** Tells whether the person is editing the room's name at the head of the page. */
import { signal } from "@preact/signals";
import { PencilLine } from "lucide";
import type { Action } from "../actions";
import type { RoomContext } from "../feature";

export const renaming = signal(false);
/** The element that had the focus before renaming began. It gets the focus back afterwards. */
export const focusedBefore = signal<HTMLElement | null>(null);

export function renameAction({ session }: RoomContext): Action {
  return {
    id: "room.rename",
    title: "Rename the room",
    section: "Room",
    icon: PencilLine,
    words: "name title call",
    keys: ["F2"],
    global: true,
    more: 2,
    enabled: () => session.phase.value === "open",
    run: () => {
      const focused = document.activeElement;
      if (focused instanceof HTMLElement) focusedBefore.value = focused;
      renaming.value = true;
    },
  };
}
