import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { useLoaded } from "../ui/useLoaded";
import { useModal } from "../ui/useModal";
import "../styles/palette.css";

interface Props {
  query: string;
  goToLine(line: number, column: number): void;
  onClose(): void;
  onFail(): void;
}

export async function loadPalette() {
  return (await import("./Palette")).Palette;
}

/** The palette's window and a field that takes what is typed at once, while the rest is on its way. */
export function PaletteWindow({ query, goToLine, onClose, onFail }: Props) {
  const written = useSignal(query);
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
  const choose = (run: () => void) => {
    chosen.current = run;
    close();
  };
  return (
    <dialog {...props} class="palette" aria-label="Command palette">
      {Palette ? (
        <Palette written={written} goToLine={goToLine} onChoose={choose} onClose={close} />
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
