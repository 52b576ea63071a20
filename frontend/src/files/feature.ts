import { effect } from "@preact/signals";
import { FilePlus, Files } from "lucide";
import type { Action } from "../actions";
import { filePathIn } from "../address";
import { pathOf } from "../base";
import type { Feature, RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { lazyDialog } from "../frame/lazyDialog";
import { NOT_LOADED } from "../frame/words";
import { loaded } from "../ui/loaded";
import { PANE } from "./pane";

/** The files and folders of the room: a tree, and the ways to find a file. */
export const files: Feature = {
  id: "files",
  panes: [
    {
      ...PANE,
      title: "Files",
      icon: Files,
      section: "File",
      words: "tree folders explorer side",
      atFoot: true,
      load: async () => (await import("./FilesPane")).FilesPane,
    },
  ],
  dialogs: [
    lazyDialog("goto", async () => (await import("./GoToFile")).GoToFile),
    lazyDialog("move", async () => (await import("./MoveTo")).MoveTo),
    lazyDialog("git", async () => (await import("../transfers/GitWindow")).GitWindow),
    lazyDialog("copy", async () => (await import("../transfers/CopyWindow")).CopyWindow),
  ],
  actions: fileActions,
  attend,
};

type Doing = typeof import("./doing");

/** Load the code for the actions, and call `act` with it. */
function doing(room: RoomContext, act: (doing: Doing) => void): void {
  loaded(
    () => import("./doing"),
    act,
    () => room.session.say("warn", NOT_LOADED),
  );
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
    action("file.move", "Move the file or folder…", (it) => it.move(room), {
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

/**
 * Open the file and the lines that an address may name. Everything else waits until the text is there
 * to be typed into.
 */
function attend(room: RoomContext): () => void {
  const named = filePathIn(pathOf(location.pathname)) !== null || location.hash.startsWith("#L");
  const ends: (() => void)[] = [];
  let left = false;
  const follow = (end: () => void) => (left ? end() : ends.push(end));
  if (named) doing(room, (it) => follow(it.goToLinkedPlace(room)));
  const { phase, files } = room.session;
  let begun = false;
  const begin = effect(() => {
    const ready = room.editor.value || (phase.value === "open" && files.value.length === 0);
    if (begun || !ready) return;
    begun = true;
    // Wait until the text is visible.
    setTimeout(() => {
      loaded(
        () => import("./attending"),
        (it) => follow(it.attend(room)),
        () => {
          // It could not be fetched. The next change of the phase, or of the files, tries again.
          begun = false;
        },
      );
    });
  });
  ends.push(begin);
  return () => {
    left = true;
    for (const end of ends) end();
  };
}
