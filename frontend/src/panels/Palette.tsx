import { type Signal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { Check } from "lucide";
import { useLayoutEffect, useRef } from "preact/hooks";
import { actions, keysOf } from "../actions";
import { keyLabel } from "../keys";
import { Icon } from "../ui/Icon";
import { iconOf } from "./actionIcons";
import { type Found, search } from "./ranking";

/** A row of the palette: something to do. */
type Row = Pick<Found, "title" | "letters"> & { id: string; action?: Found["action"]; run(): void };

interface Props {
  written: Signal<string>;
  goToLine(line: number, column: number): void;
  onChoose(run: () => void): void;
  onClose(): void;
}

/**
 * Every action of the page, found by a few letters; ":12" is the way to line 12. A combobox: the focus
 * stays in the field, and the arrow keys move in the list.
 */
export function Palette({ written, goToLine, onChoose, onClose }: Props) {
  const rows = useComputed(() => rowsFor(written.value, goToLine));
  const active = useSignal(0);
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const shown = rows.value;
  const current = Math.min(active.value, shown.length - 1);

  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(written.peek().length, written.peek().length);
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
        placeholder="Search actions, or :12 for a line"
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
          <Option
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

function rowsFor(written: string, goToLine: Props["goToLine"]): Row[] {
  const place = lineOf(written);
  if (!place) {
    return search(actions.value, written).map((found) => ({
      ...found,
      id: found.action.id,
      run: () => found.action.run(),
    }));
  }
  const [line, column] = place;
  const title = `Go to line ${line}${column > 1 ? `, column ${column}` : ""}`;
  return [{ id: "line", title, letters: [], run: () => goToLine(line, column) }];
}

interface OptionProps {
  row: Row;
  index: number;
  selected: boolean;
  heading: string | false;
  onChoose(): void;
}

function Option({ row, index, selected, heading, onChoose }: OptionProps) {
  const { action } = row;
  const key = action && keysOf(action)[0];
  const checked = action?.checked?.() ?? false;
  return (
    <>
      {heading && (
        <div class="label palette-section" aria-hidden="true">
          {heading}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the field has focus and keys. */}
      <div
        class="palette-option"
        id={`palette-${index}`}
        role="option"
        aria-selected={selected}
        onClick={onChoose}
      >
        <Icon of={iconOf(action)} />
        <span class="palette-title">
          <Marked text={row.title} letters={row.letters} />
          {checked && <span class="hidden">, in force</span>}
        </span>
        {checked && <Icon of={Check} size={14} />}
        {key && <kbd>{keyLabel(key)}</kbd>}
      </div>
    </>
  );
}

/** A title with the letters that were asked for standing out. */
function Marked({ text, letters }: { text: string; letters: readonly number[] }) {
  if (letters.length === 0) return <>{text}</>;
  const parts = Array.from({ length: text.length }, (_, at) => at);
  return <>{parts.map((at) => (letters.includes(at) ? <b key={at}>{text[at]}</b> : text[at]))}</>;
}

function headingOf(rows: readonly Row[], index: number): string | false {
  const section = rows[index]?.action?.section;
  return section && section !== rows[index - 1]?.action?.section ? section : false;
}

const PAGE = 8;
const STEPS: Record<string, (current: number, count: number) => number> = {
  ArrowDown: (current, count) => (current + 1) % count,
  ArrowUp: (current, count) => (current - 1 + count) % count,
  PageDown: (current, count) => Math.min(current + PAGE, count - 1),
  PageUp: (current) => Math.max(current - PAGE, 0),
};

/** The line and column of ":12" or ":12:3", from 1. */
function lineOf(written: string): [line: number, column: number] | null {
  const found = /^\s*:\s*(\d{1,9})(?:[:,](\d{1,9}))?\s*$/.exec(written);
  return found && [Math.max(1, Number(found[1])), Math.max(1, Number(found[2] ?? 1))];
}

function noneWords(written: string): string {
  return written.trim().startsWith(":")
    ? "Type the number of a line."
    : "No action is called that.";
}
