import type { ComponentChildren } from "preact";

interface Props {
  children: ComponentChildren;
  /** The keyboard shortcut that does the same as the control. */
  keys?: string | undefined;
}

/**
 * A tip with the name of the control that it is put in. It appears on hover and on keyboard focus;
 * Escape hides it.
 */
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

/** Hide every tip on Escape until the pointer or the focus moves (WCAG 1.4.13). */
export function hideTipsOnEscape(): void {
  const root = document.documentElement;
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") root.dataset.tips = "off";
  });
  for (const event of ["pointermove", "focusin"]) {
    addEventListener(event, () => delete root.dataset.tips, { passive: true });
  }
}

/** The distance in px between a tip and its control, and between a tip and the edge of the window. */
const GAP = 6;
const EDGE = 4;

/**
 * Place each tip under its control, or over the control at the foot of the window, or right of it where
 * the style sheet says `--side: beside`. No scrolling pane clips a tip.
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
