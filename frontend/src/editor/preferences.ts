/** The editor as its person likes it: follows the settings while it is shown, and loses nothing by it. */
import { indentUnit } from "@codemirror/language";
import { Compartment, EditorState, type Extension, Prec } from "@codemirror/state";
import { EditorView, lineNumbers, ViewPlugin } from "@codemirror/view";
import { effect } from "@preact/signals";
import { settings } from "../settings/settings";
import { appearance, dark } from "../settings/theme";
import { following } from "./following";
import { loadKeymap } from "./keymaps";

/** `fail` is told of a keymap that could not be loaded. To stand before all else. */
export function preferences(fail: () => void): Extension {
  return [chosenKeymap(fail), following(look)];
}

/** What is typed reaches a keymap of another editor before anything else does. */
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

/** Everything but the keys. */
function look(): Extension {
  const tabWidth = settings.tabWidth.value;
  return [
    tabWidth ? [indentUnit.of(" ".repeat(tabWidth)), EditorState.tabSize.of(tabWidth)] : [],
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
