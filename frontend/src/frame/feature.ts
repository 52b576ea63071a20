import { LogOut } from "lucide";
import { at } from "../base";
import type { Feature } from "../feature";
import { lazyDialog } from "./lazyDialog";

/** Registers the parts that every room's page has: the menu of a phone, and the way out. */
export const frame: Feature = {
  id: "frame",
  dialogs: [lazyDialog("more", async () => (await import("./MoreDialog")).MoreDialog)],
  actions: () => [
    {
      id: "room.leave",
      title: "Leave the room",
      section: "Room",
      icon: LogOut,
      words: "exit quit close start page",
      more: 7,
      run: () => location.assign(at("/")),
    },
  ],
};
