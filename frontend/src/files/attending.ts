/**
 * Runs the files feature's own tasks while a room is shown. It is loaded once the text is there to be
 * typed into.
 */
import { effect } from "@preact/signals";
import { register } from "../actions";
import type { RoomContext } from "../feature";
import { showPane } from "../frame/open";
import { phone } from "../frame/screen";
import { recall, remember } from "../storage";
import { showAdding, transferActions } from "../transfers/actions";
import { takeFiles } from "../transfers/dropping";
import { fetchAskedFor } from "../transfers/fromStart";
import { PANE } from "./pane";

const SEEN = "collab.files.seen";

export function attend(room: RoomContext): () => void {
  const ends = [
    register(transferActions(room)),
    showAdding(),
    takeFiles(room),
    fetchAskedFor(room),
    showOnce(room),
    pasteIntoTextsAlone(),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/**
 * On Linux the middle button pastes what was selected into the text that has the focus, wherever on
 * the page it is clicked: a click that closes a tab would write into the next file.
 */
function pasteIntoTextsAlone(): () => void {
  const pastes = (event: MouseEvent) => {
    const { button, target } = event;
    const texts = "input, textarea, [contenteditable=true]";
    if (button === 1 && !(target as Element).closest(texts)) event.preventDefault();
  };
  addEventListener("mouseup", pastes, true);
  return () => removeEventListener("mouseup", pastes, true);
}

/**
 * Show the tree once, when a person first meets a room of several files. A person who closes the tree
 * has seen it.
 */
function showOnce({ session }: RoomContext): () => void {
  return effect(() => {
    if (phone.matches || session.files.value.length < 2 || recall(SEEN) !== null) return;
    showPane(PANE);
    remember(SEEN, "yes");
  });
}
