/** Keeps which pane is open at each place, and how large the places are. Kept on this device for wide screens. */
import { batch, effect, type Signal, signal } from "@preact/signals";
import type { Pane, Place } from "../feature";
import { recall, remember } from "../storage";
import { phone } from "./screen";

export const PLACES = ["left", "right", "bottom", "stage"] as const satisfies readonly Place[];

/** The places that a person can make larger and smaller. */
export type Side = Exclude<Place, "stage">;

/** CSS pixels: a column's width, the row's height. */
export const SIZES: Readonly<Record<Side, { least: number; usual: number; most: number }>> = {
  left: { least: 160, usual: 224, most: 480 },
  right: { least: 240, usual: 300, most: 480 },
  bottom: { least: 96, usual: 204, most: 640 },
};

/** By place, the id of the pane that is open there. */
export const open: Readonly<Record<Place, Signal<string | null>>> = {
  left: kept("left"),
  right: kept("right"),
  bottom: kept("bottom"),
  stage: kept("stage"),
};

export const sizes: Readonly<Record<Side, Signal<number>>> = {
  left: keptSize("left"),
  right: keptSize("right"),
  bottom: keptSize("bottom"),
};

type Where = Pick<Pane, "id" | "place">;

/** Reads signals. */
export function isOpen({ id, place }: Where): boolean {
  return open[place].value === id;
}

/** Show a pane in its place. A phone has room for one pane at a time. */
export function showPane({ id, place }: Where): void {
  batch(() => {
    if (phone.matches) hideAll();
    open[place].value = id;
  });
}

export function hidePane({ id, place }: Where): void {
  if (open[place].peek() === id) open[place].value = null;
}

export function togglePane(pane: Where): void {
  if (open[pane.place].peek() === pane.id) hidePane(pane);
  else showPane(pane);
}

export function hideAll(): void {
  batch(() => {
    for (const place of PLACES) open[place].value = null;
  });
}

/**
 * Close what lies over the editor: on a phone every pane, elsewhere the one in its place. Returns whether
 * something did; then the editor can have the focus from the next frame on.
 */
export function uncoverEditor(): boolean {
  const over: readonly Place[] = phone.matches ? PLACES : ["stage"];
  const covered = over.some((place) => open[place].peek() !== null);
  batch(() => {
    for (const place of over) open[place].value = null;
  });
  return covered;
}

export function resize(side: Side, size: number): void {
  sizes[side].value = within(side, size);
}

/** On a phone a pane lies over the editor, so a page never begins with it there. */
function kept(place: Place): Signal<string | null> {
  const key = `collab.pane.${place}`;
  const shown = signal(phone.matches ? null : recall(key));
  effect(() => {
    const id = shown.value;
    if (!phone.matches) remember(key, id);
  });
  return shown;
}

function keptSize(side: Side): Signal<number> {
  const key = `collab.size.${side}`;
  const { usual } = SIZES[side];
  const size = signal(within(side, Number(recall(key) ?? usual) || usual));
  effect(() => {
    remember(key, size.value === usual ? null : String(size.value));
    document.documentElement.style.setProperty(`--${side}`, `${size.value}px`);
  });
  return size;
}

function within(side: Side, size: number): number {
  const { least, most } = SIZES[side];
  return Math.round(Math.min(most, Math.max(least, size)));
}
