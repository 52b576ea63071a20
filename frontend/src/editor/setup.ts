/** What every code editor does, whatever the room. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, codeFolding, foldGutter, indentOnInput } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  rectangularSelection,
} from "@codemirror/view";
import { leavingKeys } from "../keyLabels";
import { commandKeys } from "./commands";
import { emptyHint } from "./empty";
import { extras } from "./extras";
import { caretAboveKeyboard } from "./shrinking";

/** Tab indents; Escape, then Tab, leaves the editor, as CodeMirror has it by itself. */
export function setup(path: () => string): Extension {
  return [
    extras(),
    emptyHint(),
    codeFolding(),
    foldGutter({ openText: "⌄", closedText: "›" }),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    dropCursor(),
    EditorState.allowMultipleSelections.of(true),
    indentOnInput(),
    bracketMatching(),
    caretAboveKeyboard(),
    rectangularSelection(),
    crosshairCursor(),
    highlightActiveLine(),
    keymap.of([...commandKeys, ...defaultKeymap, ...historyKeymap, indentWithTab]),
    EditorView.contentAttributes.of(() => ({
      "aria-label": `Text of ${path()}. ${leavingKeys()} leaves it.`,
      tabindex: "0",
    })),
  ];
}
