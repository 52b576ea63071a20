import { isTouch } from "../ui/touch";

/** px between the line and the window. */
const MARGIN = 12;

/** On a touch screen, where the window lies at the foot above the keyboard, the text scrolls out from under it. */
export function keepingLineInSight(dialog: HTMLElement | null | undefined) {
  if (!dialog || !isTouch()) return;
  const uncover = () => {
    const text = document.querySelector(".cm-scroller");
    // Editors without the focus draw no caret.
    const line = document.querySelector(".cm-activeLine")?.getBoundingClientRect();
    const { left, top } = dialog.getBoundingClientRect();
    // On a low screen the window lies beside the text.
    if (!line || !text || left > innerWidth / 3) return;
    const hidden = line.bottom + MARGIN - top;
    if (line.bottom > text.getBoundingClientRect().top && hidden > 0) text.scrollTop += hidden;
  };
  const observer = new ResizeObserver(uncover);
  observer.observe(dialog);
  observer.observe(document.documentElement);
  return () => observer.disconnect();
}
