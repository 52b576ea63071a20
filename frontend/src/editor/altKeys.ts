import type { Extension } from "@codemirror/state";
import { type Command, EditorView } from "@codemirror/view";
import { keyOf } from "../keys";

/**
 * Commands by names of keys with Alt. CodeMirror's keymap does not know these on a Mac, where Option
 * makes another character of a key.
 */
export function altKeys(commands: Record<string, Command>): Extension {
  return EditorView.domEventHandlers({
    keydown: (event, view) => commands[keyOf(event)]?.(view) ?? false,
  });
}
