/** The panel beside the editor: whether it is open, and how wide. Kept on this device for wide screens. */
import { effect, signal } from "@preact/signals";
import { recall, remember } from "../storage";
import { phone } from "./screen";

const OPEN = "collab.side";
const WIDTH = "collab.side-width";

/** CSS pixels. */
export const NARROWEST = 240;
export const WIDEST = 480;
const USUAL = 300;

/** On a phone the panel lies over the editor, so that a page never begins with it. */
export const sideOpen = signal(!phone.matches && recall(OPEN) === "open");
export const sideWidth = signal(within(Number(recall(WIDTH) ?? USUAL) || USUAL));

export function resizeSide(width: number): void {
  sideWidth.value = within(width);
}

function within(width: number): number {
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));
}

effect(() => {
  const open = sideOpen.value;
  if (!phone.matches) remember(OPEN, open ? "open" : null);
});
effect(() => {
  const width = sideWidth.value;
  remember(WIDTH, width === USUAL ? null : String(width));
  document.documentElement.style.setProperty("--side", `${width}px`);
});
