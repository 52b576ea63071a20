import type { ComponentChildren } from "preact";

interface Props {
  children: ComponentChildren;
  /** What does the same on the keyboard. */
  keys?: string | undefined;
}

/** The name of the control it is put in: seen under it on hover and on keyboard focus, Escape hides it. */
export function Tip({ children, keys }: Props) {
  return (
    <>
      <span class="hidden">{children}</span>
      <span class="tip" aria-hidden="true">
        {children}
        {keys && ` · ${keys}`}
      </span>
    </>
  );
}

/** Escape hides every tip until the pointer moves or the focus does (WCAG 1.4.13). */
export function hideTipsOnEscape(): void {
  const root = document.documentElement;
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") root.dataset.tips = "off";
  });
  for (const event of ["pointermove", "focusin"]) {
    addEventListener(event, () => delete root.dataset.tips, { passive: true });
  }
}

/** px between a tip and its control, and between a tip and the edge of the window. */
const GAP = 6;
const EDGE = 4;

/**
 * A tip stands under its control, or over it at the foot of the window; right of it where the style
 * sheet says `--side: beside`. No pane that scrolls cuts it off.
 */
export function placeTips(): void {
  for (const event of ["pointerover", "focusin"]) {
    addEventListener(event, ({ target }) => {
      const owner = target instanceof Element ? target.closest(":has(> .tip)") : null;
      const tip = owner?.querySelector<HTMLElement>(":scope > .tip");
      if (owner && tip) place(tip, owner.getBoundingClientRect());
    });
  }
}

function place(tip: HTMLElement, owner: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = tip;
  const beside = getComputedStyle(tip).getPropertyValue("--side") === "beside";
  const under = owner.bottom + GAP;
  const [left, top] = beside
    ? [owner.right + GAP, owner.top + (owner.height - height) / 2]
    : [
        tip.classList.contains("tip-start") ? owner.left : owner.right - width,
        under + height + EDGE <= innerHeight ? under : owner.top - GAP - height,
      ];
  tip.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
  tip.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
}
