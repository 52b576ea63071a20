import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useModal } from "./useModal";
import "../palette/palette.css";

export interface Choice {
  id: string;
  title: string;
  letters: readonly number[];
  icon: ComponentChildren;
}

interface Props {
  label: string;
  placeholder: string;
  query: string;
  /** Return the choices for the written letters. Reads signals. */
  choices(written: string): readonly Choice[];
  none: string;
  /** Called with the id of the chosen item, after the window has closed. */
  onChoose(id: string): void;
  onClose(): void;
}

/**
 * Lets the person pick one of many items by typing a few letters. It is a combobox: the focus stays in
 * the field, and the arrow keys move in the list.
 */
export function Picker({ label, placeholder, query, choices, none, onChoose, onClose }: Props) {
  const written = useSignal(query);
  const active = useSignal(0);
  const rows = useComputed(() => choices(written.value));
  const chosen = useRef<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const { close, props } = useModal(() => {
    onClose();
    if (chosen.current !== null) onChoose(chosen.current);
  });
  useLayoutEffect(() => field.current?.focus(), []);
  useSignalEffect(() => {
    active.value;
    written.value;
    queueMicrotask(() => {
      list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    });
  });
  const all = rows.value;
  const current = Math.min(active.value, all.length - 1);
  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    chosen.current = choice.id;
    close();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") active.value = (current + 1) % all.length;
    else if (event.key === "ArrowUp") active.value = (current - 1 + all.length) % all.length;
    else if (event.key === "Enter" && !event.isComposing) choose(all[current]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog {...props} class="palette" aria-label={label}>
      <input
        class="palette-input"
        ref={field}
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls="picker-list"
        aria-activedescendant={all[current] && `picker-${current}`}
        aria-autocomplete="list"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        enterkeyhint="go"
        placeholder={placeholder}
        value={written.value}
        onInput={({ currentTarget }) => {
          written.value = currentTarget.value;
          active.value = 0;
        }}
        onKeyDown={press}
      />
      <div
        class="palette-list"
        id="picker-list"
        role="listbox"
        aria-label={label}
        tabIndex={-1}
        ref={list}
      >
        {all.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the field has focus and keys.
          <div
            key={choice.id}
            class="palette-option"
            id={`picker-${index}`}
            role="option"
            aria-selected={index === current}
            onClick={() => choose(choice)}
          >
            {choice.icon}
            <Path of={choice.title} letters={choice.letters} />
          </div>
        ))}
      </div>
      <p class="palette-none" role="status">
        {all.length === 0 && none}
      </p>
    </dialog>
  );
}

/**
 * Shows a path with its name first and its folder after it, and highlights the letters that the person
 * typed.
 */
function Path({ of: path, letters }: { of: string; letters: readonly number[] }) {
  const start = path.lastIndexOf("/") + 1;
  const marked = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => from + index).map((at) =>
      letters.includes(at) ? <b key={at}>{path[at]}</b> : path[at],
    );
  return (
    <span class="palette-title picker-path">
      {marked(start, path.length)}
      {start > 0 && <span class="muted"> {marked(0, start - 1)}</span>}
    </span>
  );
}
