import type { Extension } from "@codemirror/state";
import { type Command, EditorView } from "@codemirror/view";
import { keyOf } from "../keys";

/**
 * Bind commands to names of keys with Alt. CodeMirror's keymap does not recognise these on a Mac, where
 * Option turns a key into another character.
 */
export function altKeys(commands: Record<string, Command>): Extension {
  return EditorView.domEventHandlers({
    keydown: (event, view) => commands[keyOf(event)]?.(view) ?? false,
  });
}
