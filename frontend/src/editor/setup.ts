/** What every code editor does, whatever the room. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  indentOnInput,
  type MatchResult,
} from "@codemirror/language";
import { EditorState, type Extension, type Range } from "@codemirror/state";
import {
  crosshairCursor,
  Decoration,
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
import { acrossLines } from "./acrossLines";
import { commandKeys, tabKey } from "./commands";
import { emptyHint } from "./empty";
import { extras } from "./extras";
import { LONG_LINE } from "./highlighting";
import { caretAboveKeyboard } from "./shrinking";

/** Events of the undo history that are kept at least. What is done in turns is many. */
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
    dropCursor(),
    EditorState.allowMultipleSelections.of(true),
    indentOnInput(),
    bracketMatching({ renderMatch: brackets }),
    caretAboveKeyboard(),
    acrossLines(),
    rectangularSelection(),
    crosshairCursor(),
    highlightActiveLine(),
    keymap.of([...commandKeys, ...defaultKeymap, ...historyKeymap, tabKey]),
    EditorView.contentAttributes.of(() => ({
      "aria-label": `Text of ${path()}. ${leavingKeys()} leaves it.`,
      tabindex: "0",
    })),
  ];
}

/** The marks of a bracket and its partner: none in very long lines. */
function brackets({ start, end, matched }: MatchResult, { doc }: EditorState): Range<Decoration>[] {
  if (doc.lineAt(start.from).length >= LONG_LINE) return [];
  const mark = Decoration.mark({ class: matched ? "cm-matchingBracket" : "cm-nonmatchingBracket" });
  return [start, ...(end ? [end] : [])].map(({ from, to }) => mark.range(from, to));
}
