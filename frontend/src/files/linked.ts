/** Goes to the place that the address of the page names, once. */
import { effect } from "@preact/signals";
import { filePathIn, roomPath } from "../address";
import { pathOf } from "../base";
import type { RoomContext } from "../feature";
import { showPane } from "../frame/open";
import { linesIn } from "./links";
import { PANE } from "./pane";
import { filesOf } from "./store";

export function goToLinkedPlace(room: RoomContext): () => void {
  const { session, editor } = room;
  const path = filePathIn(pathOf(location.pathname));
  const lines = linesIn(location.hash);
  if (path === null && !lines) return () => {};
  let waits: "file" | "editor" | "nothing" = "file";
  const stop = effect(() => {
    const { phase, activeFile, files } = session;
    const settled = activeFile.value ?? session.activeAsset.value ?? files.value.length === 0;
    // Before the room has answered, the texts may be older than the link.
    if (waits === "file" && phase.value === "open" && settled) {
      waits = openLinked(room, path) && lines ? "editor" : "nothing";
      // From now on the page is at whatever its person opens.
      history.replaceState(null, "", roomPath(room.id) + location.search);
    }
    if (waits === "editor" && editor.value && editor.value.file === activeFile.value?.id) {
      waits = "nothing";
      if (lines) editor.value.selectLines(lines.from, lines.to);
    }
  });
  return stop;
}

/** Open the file at a path. Returns whether it is open. */
function openLinked(room: RoomContext, path: string | null): boolean {
  if (path === null) return true;
  const { session } = room;
  const store = filesOf(room);
  const node = store.tree.peek().at(path);
  if (!node || node.kind === "folder") {
    if (node && store.tree.peek().isHere(node.id)) {
      store.reveal(node.id);
      showPane(PANE);
    } else session.say("warn", `There is no file “${path}” in this room.`);
    return false;
  }
  if (!store.tree.peek().isHere(node.id)) {
    const restore = { label: "Restore", run: () => store.verbs.restore([node.id]) };
    session.say("warn", `“${path}” was removed.`, node.removed ? restore : undefined);
    return false;
  }
  session.open(node.id);
  return true;
}
