import { useSignal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import type { WindowProps } from "../feature";
import { isTouch } from "../ui/touch";
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

/** Tell whether the caret is in the upper half of a screen with a mouse. Then the window is in the lower half. */
function caretIsHigh(): boolean {
  const caret = document.querySelector(".cm-cursor-primary")?.getBoundingClientRect();
  if (!caret || isTouch()) return false;
  return caret.bottom > 0 && caret.top < innerHeight / 2;
}
