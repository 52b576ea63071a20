/**
 * Keeps the page in the part of the screen that a keyboard leaves. Some phones make the page smaller
 * for their keyboard; others lay it over the page and scroll that under it, which is undone here.
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import { isTouch } from "../ui/touch";

type Viewport = Pick<VisualViewport, "width" | "height" | "scale">;

/** px that go when a keyboard comes, and not when a browser's own bars do. */
const KEYBOARD = 160;

const up = signal(false);
/** Tells whether a keyboard on the screen takes part of it. */
export const keyboardUp: ReadonlySignal<boolean> = up;

export function followViewport(): void {
  const viewport = window.visualViewport;
  if (!viewport || !isTouch()) return;
  const isKeyboardUp = keyboardWatch();
  const follow = () => {
    const seen = isKeyboardUp(viewport);
    if (seen === null) return;
    up.value = seen;
    const { style } = document.documentElement;
    style.setProperty("--screen", `${viewport.height}px`);
    style.setProperty("--screen-top", `${viewport.offsetTop}px`);
  };
  viewport.addEventListener("resize", follow);
  viewport.addEventListener("scroll", follow);
  follow();
}

/**
 * Tells of one viewport after another whether a keyboard takes part of it, by the tallest seen at that
 * width; null while somebody has zoomed in, who wants to see the page larger and not another one.
 */
export function keyboardWatch(): (viewport: Viewport) => boolean | null {
  const tallest = new Map<number, number>();
  return ({ width, height, scale }) => {
    if (scale > 1.01) return null;
    const most = Math.max(tallest.get(width) ?? 0, height);
    tallest.set(width, most);
    return most - height > KEYBOARD;
  };
}
