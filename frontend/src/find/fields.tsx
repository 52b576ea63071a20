/** The fields and buttons that all find panels use. */
import type { IconNode } from "lucide";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import "./find.css";

interface FieldProps {
  name: string;
  label: string;
  value: string;
  invalid?: boolean;
  onWrite(value: string): void;
}

export function Field({ name, label, value, invalid, onWrite }: FieldProps) {
  return (
    <input
      class="find-input"
      name={name}
      // CodeMirror puts the focus into the field that has this attribute.
      main-field={name === "search" ? "true" : undefined}
      aria-label={label}
      aria-invalid={invalid}
      placeholder={label}
      autocomplete="off"
      autocapitalize="off"
      spellcheck={false}
      value={value}
      onInput={(event) => onWrite(event.currentTarget.value)}
    />
  );
}

interface ButtonProps {
  label: string;
  /** Tells that a press does nothing for now. */
  disabled?: boolean;
  onPress(): void;
}

export function Button({ label, onPress }: ButtonProps) {
  return (
    <button class="button small" type="button" onClick={onPress}>
      {label}
    </button>
  );
}

export function IconButton({ icon, label, disabled, onPress }: ButtonProps & { icon: IconNode }) {
  return (
    <button class="icon-button" type="button" aria-disabled={disabled} onClick={onPress}>
      <Icon of={icon} />
      <Tip>{label}</Tip>
    </button>
  );
}

export function Toggle({
  icon,
  label,
  on,
  onPress,
}: ButtonProps & { icon: IconNode; on: boolean }) {
  return (
    <button class="find-toggle" type="button" aria-pressed={on} onClick={onPress}>
      <Icon of={icon} size={18} />
      <Tip>{label}</Tip>
    </button>
  );
}
