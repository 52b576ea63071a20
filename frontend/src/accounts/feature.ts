import { CircleUserRound } from "lucide";
import type { Feature } from "../feature";
import { openDialog } from "../frame/dialogs";
import { lazyDialog } from "../frame/lazyDialog";

/** The own account, from within a room. */
export const accounts: Feature = {
  id: "accounts",
  dialogs: [lazyDialog("account", async () => (await import("./AccountWindow")).AccountWindow)],
  actions: () => [
    {
      id: "account",
      title: "Account…",
      section: "People",
      icon: CircleUserRound,
      words: "sign in up out profile password sessions tokens export delete",
      global: true,
      more: 7,
      run: () => openDialog("account"),
    },
  ],
};
