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
