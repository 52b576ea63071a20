import { FilePlus, Files } from "lucide";
import type { Action } from "../actions";
import { filePathIn } from "../address";
import { pathOf } from "../base";
import type { Feature, RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { lazyDialog } from "../frame/lazyDialog";
import { NOT_LOADED } from "../frame/words";
import { PANE } from "./pane";

/** The files and folders of the room: a tree, and the ways to a file. */
export const files: Feature = {
  id: "files",
  panes: [
    {
      ...PANE,
      title: "Files",
      icon: Files,
      section: "File",
      words: "tree folders explorer side",
      load: async () => (await import("./FilesPane")).FilesPane,
    },
  ],
  dialogs: [
    lazyDialog("goto", async () => (await import("./GoToFile")).GoToFile),
    lazyDialog("move", async () => (await import("./MoveTo")).MoveTo),
  ],
  actions: fileActions,
  attend: goToAddress,
};

type Doing = typeof import("./doing");

/** Do something with a part of the page that is loaded for it. */
function doing(room: RoomContext, act: (doing: Doing) => void): void {
  import("./doing").then(act, () => room.session.say("warn", NOT_LOADED));
}

function fileActions(room: RoomContext): Action[] {
  const enabled = () => room.session.phase.value === "open";
  const action = (
    id: string,
    title: string,
    act: (doing: Doing) => void,
    more: Partial<Action>,
  ): Action => ({
    id,
    title,
    section: "File",
    enabled,
    ...more,
    run: () => doing(room, act),
  });
  return [
    {
      id: "go.file",
      title: "Go to file…",
      section: "Go to",
      words: "open quick",
      alias: "file",
      keys: ["Mod-p"],
      global: true,
      run: () => openDialog("goto"),
    },
    action("file.new", "New file", (it) => it.nameNew(room, "file"), {
      words: "create add",
      icon: FilePlus,
      more: 5,
    }),
    action("folder.new", "New folder", (it) => it.nameNew(room, "folder"), {
      words: "create add directory",
    }),
    action("file.rename", "Rename the file or folder", (it) => it.rename(room), {
      words: "name call",
    }),
    action("file.duplicate", "Duplicate the file", (it) => it.duplicate(room), {
      words: "copy clone",
    }),
    action("file.move", "Move the file or folder…", (it) => it.move(), {
      words: "folder",
    }),
    action("file.remove", "Remove the file or folder", (it) => it.remove(room), {
      words: "delete",
    }),
    action("file.link", "Copy link to this line", (it) => it.link(room), {
      words: "share url permalink selection",
      enabled: () => enabled() && room.editor.value !== null,
    }),
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
