import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { WindowProps } from "../feature";
import { useLoaded } from "../ui/useLoaded";
import { useModal } from "../ui/useModal";
import type { Lines } from "./paletteRows";
import "./palette.css";

export async function loadPalette() {
  return (await import("./Palette")).Palette;
}

/** The palette's window. Its field accepts letters at once, while the rest is loaded. */
export function PaletteWindow({ room, query, onClose, onFail }: WindowProps) {
  const written = useSignal(query);
  const [low] = useState(caretIsHigh);
  const chosen = useRef<(() => void) | null>(null);
  // Run the chosen action after the window has closed and has given the focus back.
  const { close, props } = useModal(() => {
    onClose();
    chosen.current?.();
  });
  const Palette = useLoaded(loadPalette, () => {
    close();
    onFail();
  });
  useLayoutEffect(() => keepingLineInSight(props.ref), [Palette]);
  const lines: Lines = {
    count: () => room.editor.peek()?.lineCount() ?? 1,
    goTo: (line, column) => room.editor.peek()?.goToLine(line, column),
  };
  const choose = (run: () => void) => {
    chosen.current = run;
    close();
  };
  return (
    <dialog {...props} class={low ? "palette low" : "palette"} aria-label="Command palette">
      {Palette ? (
        <Palette written={written} lines={lines} onChoose={choose} onClose={close} />
      ) : (
        <input
          class="palette-input"
          data-first
          aria-label="Search actions"
          value={written.value}
          onInput={(event) => {
            written.value = event.currentTarget.value;
          }}
        />
      )}
    </dialog>
  );
}

/** Whether the caret is in the upper half of a screen with a mouse. Then the window is in the lower half. */
function caretIsHigh(): boolean {
  const caret = document.querySelector(".cm-cursor-primary")?.getBoundingClientRect();
  if (!caret || isTouch()) return false;
  return caret.bottom > 0 && caret.top < innerHeight / 2;
}

/** On a touch screen, where the window lies at the foot above the keyboard, the text scrolls out from under it. */
function keepingLineInSight({ current: dialog }: { current: HTMLDialogElement | null }) {
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

/** px between the line and the window. */
const MARGIN = 12;

function isTouch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}
