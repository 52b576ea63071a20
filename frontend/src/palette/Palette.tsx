import { type Signal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { keepingLineInSight } from "./lineInSight";
import { PaletteOption } from "./PaletteOption";
import { headingOf, type Lines, noneWords, type Row, rowsFor } from "./paletteRows";

interface Props {
  written: Signal<string>;
  lines: Lines;
  onChoose(run: () => void): void;
  onClose(): void;
}

/**
 * Finds every action of the page by a few letters; "12" finds line 12. It is a combobox: the focus stays in
 * the field, and the arrow keys move in the list.
 */
export function Palette({ written, lines, onChoose, onClose }: Props) {
  const rows = useComputed(() => rowsFor(written.value, lines));
  const active = useSignal(0);
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const shown = rows.value;
  const current = Math.min(active.value, shown.length - 1);

  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(written.peek().length, written.peek().length);
    return keepingLineInSight(field.current?.closest("dialog"));
  }, []);
  useSignalEffect(() => {
    active.value;
    written.value;
    queueMicrotask(() => {
      list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    });
  });
  const choose = (row: Row | undefined) => row && onChoose(row.run);
  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step) active.value = step(current, shown.length);
    else if (event.key === "Enter" && !event.isComposing) choose(shown[current]);
    else if (event.key === "k" && (event.ctrlKey || event.metaKey)) onClose();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        class="palette-input"
        ref={field}
        role="combobox"
        aria-label="Search actions"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={shown[current] && `palette-${current}`}
        aria-autocomplete="list"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        enterkeyhint="go"
        placeholder="Search actions, or 12 for a line"
        value={written.value}
        onInput={(event) => {
          written.value = event.currentTarget.value;
          active.value = 0;
        }}
        onKeyDown={press}
      />
      <div
        class="palette-list"
        id="palette-list"
        role="listbox"
        aria-label="Actions"
        tabIndex={-1}
        ref={list}
      >
        {shown.map((row, index) => (
          <PaletteOption
            key={row.id}
            row={row}
            index={index}
            selected={index === current}
            heading={written.value.trim() === "" && headingOf(shown, index)}
            onChoose={() => choose(row)}
          />
        ))}
      </div>
      <p class="palette-none" role="status">
        {shown.length === 0 && noneWords(written.value)}
      </p>
    </>
  );
}

const PAGE = 8;
const STEPS: Record<string, (current: number, count: number) => number> = {
  ArrowDown: (current, count) => (current + 1) % count,
  ArrowUp: (current, count) => (current - 1 + count) % count,
  PageDown: (current, count) => Math.min(current + PAGE, count - 1),
  PageUp: (current) => Math.max(current - PAGE, 0),
};
