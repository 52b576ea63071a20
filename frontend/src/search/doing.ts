/** Carries out the actions of the search. */
import { signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import { showPane } from "../frame/open";
import type { Row } from "./found";
import { PANE } from "./pane";
import { showMatch } from "./showMatch";
import { searchOf } from "./store";

/**
 * What the search field is asked for, each time anew: to take the focus, and what was typed before it
 * was there.
 */
export const wanted = signal<{ ahead: HTMLInputElement } | null>(null);

/** Open the search. It starts with the editor's selection if that lies within one line. */
export function beginSearch(room: RoomContext, replaces: boolean, ahead: HTMLInputElement): void {
  const store = searchOf(room);
  const selected = room.editor.peek()?.selected() ?? "";
  if (replaces) store.replaces.value = true;
  if (selected && !selected.includes("\n")) store.ask({ query: selected, regex: false });
  showPane(PANE);
  wanted.value = { ahead };
}

/** Show the next or the previous match in the list. The first match follows the last one. */
export function goOn(room: RoomContext, step: 1 | -1): void {
  const store = searchOf(room);
  const rows = store.rows.peek();
  const at = rows.findIndex(({ id }) => id === store.focused.peek());
  const from = at < 0 && step < 0 ? 0 : at;
  for (let n = 1; n <= rows.length; n++) {
    const row = rows[(from + n * step + n * rows.length) % rows.length];
    if (row?.match) {
      goTo(room, row);
      return;
    }
  }
  room.session.say("info", "There are no results to go to. Search in all files first.");
}

/** Show the match of a row. */
export function goTo(room: RoomContext, { id, file, match }: Row): void {
  searchOf(room).focused.value = id;
  if (match) showMatch(room, file.id, match);
}
