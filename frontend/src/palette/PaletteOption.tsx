import { Check } from "lucide";
import { labelsOf } from "../keyLabels";
import { Icon } from "../ui/Icon";
import { iconOf } from "./actionIcons";
import type { Row } from "./paletteRows";

interface Props {
  row: Row;
  index: number;
  selected: boolean;
  /** The heading of the section that starts with this row, if one does. */
  heading: string | false;
  onChoose(): void;
}

/** One row of the palette's list, with its key beside it. */
export function PaletteOption({ row, index, selected, heading, onChoose }: Props) {
  const { action } = row;
  const key = action && labelsOf(action)[0];
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
        {key && <kbd>{key}</kbd>}
      </div>
    </>
  );
}

/** A title with the searched letters marked. */
function Marked({ text, letters }: { text: string; letters: readonly number[] }) {
  if (letters.length === 0) return <>{text}</>;
  const parts = Array.from({ length: text.length }, (_, at) => at);
  return <>{parts.map((at) => (letters.includes(at) ? <b key={at}>{text[at]}</b> : text[at]))}</>;
}
