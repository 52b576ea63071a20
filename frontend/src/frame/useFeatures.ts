import { effect } from "@preact/signals";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { type Action, register } from "../actions";
import { type Feature, guarded, type RoomContext } from "../feature";
import { isOpen, togglePane } from "./open";

/** Register the features' actions, and let them attend, for as long as the room is shown. */
export function useFeatures(room: RoomContext): void {
  // Before the first paint, for what shows actions to be there from the beginning.
  useLayoutEffect(
    () => ended(room.features.map((feature) => registerActions(feature, room))),
    [room],
  );
  useEffect(
    () => ended(room.features.map(({ attend }) => guarded(undefined, () => attend?.(room)))),
    [room],
  );
}

/** The rank under More of panes that a phone shows nowhere else. */
const AFTER_SHARE = 1.5;

function registerActions(feature: Feature, room: RoomContext): () => void {
  return effect(() => {
    const own = guarded([], () => feature.actions?.(room) ?? []);
    return register([...paneActions(feature), ...own]);
  });
}

function paneActions({ panes = [] }: Feature): Action[] {
  return panes.map((pane) => ({
    id: `${pane.id}.panel`,
    title: () => `${isOpen(pane) ? "Hide" : "Show"} the ${pane.title.toLowerCase()} panel`,
    section: pane.section,
    icon: pane.icon,
    words: pane.words,
    ...(pane.atFoot || pane.unlisted ? {} : { more: AFTER_SHARE }),
    run: () => togglePane(pane),
  }));
}

function ended(ends: readonly ((() => void) | undefined)[]): () => void {
  return () => {
    for (const end of ends) end?.();
  };
}

/** Return the room's name, from the first feature that knows it. Reads signals. */
export function titleOfRoom(room: RoomContext): string | null {
  for (const { title } of room.features) {
    const called = guarded(null, () => title?.(room) ?? null);
    if (called !== null) return called;
  }
  return null;
}
