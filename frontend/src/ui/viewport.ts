/**
 * Keeps the page in the part of the screen that a keyboard leaves. Some phones make the page smaller
 * for their keyboard; others lay it over the page and scroll that under it, which is undone here.
 */
import { type ReadonlySignal, signal } from "@preact/signals";

/** px that go when a keyboard comes, and not when a browser's own bars do. */
const KEYBOARD = 160;

const up = signal(false);
/** Whether a keyboard on the screen takes part of it. */
export const keyboardUp: ReadonlySignal<boolean> = up;

export function followViewport(): void {
  const viewport = window.visualViewport;
  if (!viewport || !matchMedia("(pointer: coarse)").matches) return;
  const tallest = new Map<number, number>();
  const follow = () => {
    const { width, height, offsetTop, scale } = viewport;
    // Who zooms in wants to see more of the page, not less.
    if (scale > 1.01) return;
    const most = Math.max(tallest.get(width) ?? 0, height);
    tallest.set(width, most);
    up.value = most - height > KEYBOARD;
    const { style } = document.documentElement;
    style.setProperty("--screen", `${height}px`);
    style.setProperty("--screen-top", `${offsetTop}px`);
  };
  viewport.addEventListener("resize", follow);
  viewport.addEventListener("scroll", follow);
  follow();
}
