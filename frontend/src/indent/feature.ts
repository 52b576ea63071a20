import { effect } from "@preact/signals";
import { IndentIncrease } from "lucide";
import type { Feature, RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { lazyDialog } from "../frame/lazyDialog";
import { loaded } from "../ui/loaded";
import { IndentItem } from "./IndentItem";

/** Follow the room's `.editorconfig` files as soon as there is one. */
function followConfigs(room: RoomContext): () => void {
  const { files } = room.session;
  let end: (() => void) | null = null;
  let left = false;
  let asked = false;
  const stop = effect(() => {
    if (asked || !files.value.some(({ path }) => /(^|\/)\.editorconfig$/.test(path))) return;
    asked = true;
    loaded(
      () => import("./live"),
      (live) => {
        if (!left) end = live.followConfigs(room);
      },
      () => {
        // The code could not be fetched. The next change of the tree tries again.
        asked = false;
      },
    );
  });
  return () => {
    left = true;
    stop();
    end?.();
  };
}

/** Shows in the status bar how far Tab indents in a file, and lets the person choose it there. */
export const indent: Feature = {
  id: "indent",
  dialogs: [lazyDialog("indent", async () => (await import("./IndentPicker")).IndentPicker)],
  actions: ({ session }) => [
    {
      id: "file.indent",
      title: "Change the indentation…",
      section: "File",
      icon: IndentIncrease,
      words: "tabs spaces width editorconfig",
      enabled: () => session.activeFile.value !== null,
      run: () => openDialog("indent"),
    },
  ],
  attend: followConfigs,
  parts: { file: IndentItem },
};
