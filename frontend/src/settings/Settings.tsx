import { useSignal } from "@preact/signals";
import { Dialog } from "../ui/Dialog";
import { CodeColours } from "./CodeColours";
import { CHOICES, type Choice } from "./choices";
import { FONT_SIZES, isUsual, resetSettings, settings } from "./settings";
import "./settings.css";

/** The dialog of all settings. Each choice takes effect at once, in every tab. */
export function Settings({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Settings" kind="aside" onClose={onClose}>
      <div class="settings">
        {CHOICES.map((choice) => (
          <Row key={choice.name} choice={choice} />
        ))}
        <FontSize />
        <CodeColours />
      </div>
      <div class="dialog-foot">
        <p class="remark">Kept on this device.</p>
        <Reset />
      </div>
    </Dialog>
  );
}

/** The button that resets all settings, and that undoes the reset until something else is chosen. */
function Reset() {
  const undo = useSignal<(() => void) | null>(null);
  const usual = isUsual();
  if (usual && undo.value) {
    const takeBack = undo.value;
    return (
      <button class="button" type="button" onClick={takeBack}>
        Undo the reset
      </button>
    );
  }
  return (
    <button
      class="button"
      type="button"
      aria-disabled={usual}
      onClick={() => {
        if (!usual) undo.value = resetSettings();
      }}
    >
      Reset everything
    </button>
  );
}

function Row({ choice: { name, label, options } }: { choice: Choice }) {
  return (
    <fieldset class="setting">
      <legend>{label}</legend>
      <div class="segments">
        {options.map((option) => (
          <label key={option.label} class="segment">
            <input
              class="hidden"
              type="radio"
              name={name}
              checked={option.chosen()}
              data-first={(name === "theme" && option.chosen()) || undefined}
              onChange={option.choose}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function FontSize() {
  const size = settings.fontSize.value;
  return (
    <label class="setting">
      <span>Font size</span>
      <span class="size">
        <input
          type="range"
          min={FONT_SIZES.least}
          max={FONT_SIZES.most}
          value={size}
          aria-valuetext={`${size} pixels`}
          onInput={(event) => {
            settings.fontSize.value = event.currentTarget.valueAsNumber;
          }}
        />
        <output>{size} px</output>
      </span>
    </label>
  );
}
