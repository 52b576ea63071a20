/** Applies the person's settings to the editor, also while it is shown, without losing its state. */
import { Compartment, type Extension, Prec } from "@codemirror/state";
import { EditorView, lineNumbers, ViewPlugin } from "@codemirror/view";
import { effect } from "@preact/signals";
import { settings } from "../settings/settings";
import { appearance, dark } from "../settings/theme";
import { following } from "./following";
import { loadKeymap } from "./keymaps";

/**
 * Return the extension for the settings. It must come before all others. Calls `fail` when a keymap
 * could not be loaded.
 */
export function preferences(fail: () => void): Extension {
  return [chosenKeymap(fail), following(look)];
}

/** Use the chosen keymap. A keymap of another editor gets every key before anything else does. */
function chosenKeymap(fail: () => void): Extension {
  const compartment = new Compartment();
  const follower = ViewPlugin.define((view) => {
    let here = true;
    const stop = effect(() => {
      const wanted = settings.keymap.value;
      const current = () => here && settings.keymap.peek() === wanted;
      loadKeymap(wanted).then(
        (keys) => current() && view.dispatch({ effects: compartment.reconfigure(keys) }),
        () => current() && fail(),
      );
    });
    const destroy = () => {
      here = false;
      stop();
    };
    return { destroy };
  });
  return [Prec.highest(compartment.of([])), follower];
}

/** Apply all settings except the keymap. */
function look(): Extension {
  return [
    settings.wrap.value ? EditorView.lineWrapping : [],
    settings.lineNumbers.value ? lineNumbers() : [],
    EditorView.darkTheme.of(dark.value),
    EditorView.editorAttributes.of({ style: style(), "data-carets": settings.carets.value }),
  ];
}

function style(): string {
  const colours = settings.colours.value[appearance.value];
  const chosen = Object.entries(colours).map(([token, colour]) => `--${token}: ${colour}`);
  return [`--code-size: ${settings.fontSize.value}px`, ...chosen].join("; ");
}
