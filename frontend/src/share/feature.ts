import { Share2 } from "lucide";
import type { Feature } from "../feature";
import { openDialog } from "../frame/dialogs";
import { lazyDialog } from "../frame/lazyDialog";
import { ShareButton } from "./ShareButton";

/** Sharing: the dialog that shows others' way into the room. */
export const share: Feature = {
  id: "share",
  dialogs: [lazyDialog("share", async () => (await import("./ShareDialog")).ShareDialog)],
  actions: () => [
    {
      id: "room.share",
      title: "Share this room",
      section: "Room",
      icon: Share2,
      words: "invite link copy qr code",
      more: 1,
      run: () => openDialog("share"),
    },
  ],
  parts: { bar: ShareButton },
};
