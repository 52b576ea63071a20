/**
 * The features that the first letters do not need: commands, selecting with the mouse, rarer ways to
 * type. One of the `extras`.
 */
import {
  defaultKeymap,
  indentLess,
  indentMore,
  indentSelection,
  selectParentSyntax as selectParent,
  standardKeymap,
} from "@codemirror/commands";
import { bracketMatching, indentOnInput, type MatchResult } from "@codemirror/language";
import type { EditorState, Extension, Range } from "@codemirror/state";
import {
  crosshairCursor,
  Decoration,
  dropCursor,
  EditorView,
  keymap,
  rectangularSelection,
} from "@codemirror/view";
import { acrossLines } from "./acrossLines";
import { LONG_LINE } from "./highlighting";
import { lineByLine } from "./manyLines";
import { caretAboveKeyboard } from "./shrinking";
import { whenParsed } from "./whenParsed";

/** The key that runs the program, which inserts a line in CodeMirror. */
const RUN = "Mod-Enter";

export {
  addCursorAbove,
  addCursorBelow,
  copyLineDown,
  copyLineUp,
  cursorMatchingBracket,
  deleteLine,
  insertBlankLine,
  moveLineDown,
  moveLineUp,
  selectLine,
  toggleBlockComment,
} from "@codemirror/commands";
export { unfoldAll, unfoldCode } from "@codemirror/language";
export { toggleComments } from "./manyLines";
export { foldBlock, foldEverything } from "./whenParsed";

export const indentLines = lineByLine(indentMore, "input.indent");
export const outdentLines = lineByLine(indentLess, "delete.dedent");
export const reindentLines = whenParsed(
  lineByLine(indentSelection, "indent"),
  ({ state }) => state.selection.main.to,
);
export const selectParentSyntax = whenParsed(selectParent, ({ viewport }) => viewport.to);

// What stands for the part of a very long line that is out of view. When wrapping begins, it is still
// as wide as that part and 2 px high: a line so low counts as wholly in view, and all of it would be
// laid out.
const partOutOfView = EditorView.theme({
  ".cm-lineWrapping > .cm-line > [style*=inline-block]": { height: "100000px !important" },
});

export function extension(): Extension {
  return [
    partOutOfView,
    keymap.of(
      defaultKeymap.filter((binding) => !standardKeymap.includes(binding) && binding.key !== RUN),
    ),
    bracketMatching({ renderMatch: brackets }),
    indentOnInput(),
    acrossLines(),
    caretAboveKeyboard(),
    dropCursor(),
    rectangularSelection(),
    crosshairCursor(),
  ];
}

/** Return the marks of a bracket and its partner; none in very long lines. */
function brackets({ start, end, matched }: MatchResult, { doc }: EditorState): Range<Decoration>[] {
  if (doc.lineAt(start.from).length >= LONG_LINE) return [];
  const mark = Decoration.mark({ class: matched ? "cm-matchingBracket" : "cm-nonmatchingBracket" });
  return [start, ...(end ? [end] : [])].map(({ from, to }) => mark.range(from, to));
}
