/** The extensions of every code editor, whatever the room. */
import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import { codeFolding, foldGutter } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
} from "@codemirror/view";
import { leavingKeys } from "../keyLabels";
import { commandKeys, tabKey } from "./commands";
import { emptyHint } from "./empty";
import { extras } from "./extras";

/** The least number of events that the undo history keeps. A command that runs in turns makes many events. */
const MOST_UNDONE = 400;

export function setup(path: () => string): Extension {
  return [
    extras(),
    emptyHint(),
    codeFolding(),
    foldGutter({ openText: "⌄", closedText: "›" }),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history({ minDepth: MOST_UNDONE }),
    drawSelection(),
    EditorState.allowMultipleSelections.of(true),
    highlightActiveLine(),
    keymap.of([...commandKeys, ...standardKeymap, ...historyKeymap, tabKey]),
    EditorView.contentAttributes.of(() => ({
      "aria-label": `Text of ${path()}. ${leavingKeys()} leaves it.`,
      tabindex: "0",
    })),
  ];
}
