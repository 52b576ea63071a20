import { useSignal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import type { WindowProps } from "../feature";
import { useLoaded } from "../ui/useLoaded";
import { useModal } from "../ui/useModal";
import type { Lines } from "./paletteRows";
import "./palette.css";

export async function loadPalette() {
  return (await import("./Palette")).Palette;
}

/** The palette's window and a field that takes what is typed at once, while the rest is on its way. */
export function PaletteWindow({ room, query, onClose, onFail }: WindowProps) {
  const written = useSignal(query);
  const [low] = useState(caretIsHigh);
  const chosen = useRef<(() => void) | null>(null);
  // What a person chose happens after the window, which gives the focus back where it was.
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

/** Whether the caret is in the upper half of a screen with a mouse: then the window is in the lower one. */
function caretIsHigh(): boolean {
  const caret = document.querySelector(".cm-cursor-primary")?.getBoundingClientRect();
  if (!caret || matchMedia("(pointer: coarse)").matches) return false;
  return caret.bottom > 0 && caret.top < innerHeight / 2;
}
