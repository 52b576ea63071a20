import { FileSearch, Link } from "lucide";
import type { Action } from "../actions";
import { filePathIn } from "../address";
import { pathOf } from "../base";
import type { Feature, RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { lazyDialog } from "../frame/lazyDialog";
import { NOT_LOADED } from "../frame/words";

/** The files of the room: the ways to one of them, and to a place in it. */
export const files: Feature = {
  id: "files",
  dialogs: [lazyDialog("goto", async () => (await import("./GoToFile")).GoToFile)],
  actions: fileActions,
  attend: goToAddress,
};

type Doing = typeof import("./doing");

/** Do something with a part of the page that is loaded for it. */
function doing(room: RoomContext, act: (doing: Doing) => void): void {
  import("./doing").then(act, () => room.session.say("warn", NOT_LOADED));
}

function fileActions(room: RoomContext): Action[] {
  return [
    {
      id: "go.file",
      title: "Go to file…",
      section: "Go to",
      icon: FileSearch,
      words: "open quick",
      alias: "file",
      keys: ["Mod-p"],
      global: true,
      run: () => openDialog("goto"),
    },
    {
      id: "file.link",
      title: "Copy link to this line",
      section: "File",
      icon: Link,
      words: "share url permalink selection",
      enabled: () => room.editor.value !== null,
      run: () => doing(room, (it) => it.link(room)),
    },
  ];
}

/** An address may name a file and lines of it. */
function goToAddress(room: RoomContext): () => void {
  const named = filePathIn(pathOf(location.pathname)) !== null || location.hash.startsWith("#L");
  let stop: (() => void) | null = null;
  let left = false;
  if (named) {
    doing(room, (it) => {
      if (!left) stop = it.goToLinkedPlace(room);
    });
  }
  return () => {
    left = true;
    stop?.();
  };
}
