/** What a person can do to the text: one table, for the editor's keys and for the page's actions. */
import {
  addCursorAbove,
  addCursorBelow,
  copyLineDown,
  copyLineUp,
  cursorMatchingBracket,
  deleteLine,
  indentLess,
  indentMore,
  indentSelection,
  insertBlankLine,
  moveLineDown,
  moveLineUp,
  redo,
  selectAll,
  selectLine,
  selectParentSyntax,
  toggleBlockComment,
  undo,
} from "@codemirror/commands";
import { foldAll, foldCode, unfoldAll, unfoldCode } from "@codemirror/language";
import type { Command, KeyBinding } from "@codemirror/view";
import type { Action } from "../actions";
import { suggestionShown } from "../suggestions";
import { later } from "./extras";
import { lineByLine, toggleComments } from "./manyLines";

type Row = Omit<Action, "run" | "checked"> & { command: Command };

const duplicate = { words: "duplicate" };
const cursor = { words: "cursor" };
const ghost = { words: "complete autocomplete ghost", editorOnly: true };
const shown = { ...ghost, enabled: () => suggestionShown.value };

const indentLines = lineByLine(indentMore, "input.indent");
const outdentLines = lineByLine(indentLess, "delete.dedent");
const reindentLines = lineByLine(indentSelection, "indent");

/** Section, id, title, command, keys, and what else there is to say. */
const COMMANDS: readonly Row[] = [
  row("Edit", "undo", "Undo", undo, "Mod-z", { words: "take back revert" }),
  row("Edit", "redo", "Redo", redo, "Mod-y", { macKeys: ["Mod-Shift-z"] }),
  row("Edit", "find", "Find", search("openSearchPanel"), "Mod-f", {
    words: "search",
    global: true,
  }),
  row("Edit", "replace", "Find and replace", search("openReplace"), "Mod-h", {
    macKeys: ["Mod-Alt-f"],
    global: true,
  }),
  row("Edit", "comment", "Toggle comment", toggleComments, "Mod-/", { words: "uncomment" }),
  row("Edit", "block-comment", "Toggle block comment", toggleBlockComment, "Alt-Shift-a", {
    macKeys: ["Ctrl-Shift-a"],
  }),
  row("Edit", "indent", "Indent", indentLines, "Mod-]"),
  row("Edit", "outdent", "Outdent", outdentLines, "Mod-[", { words: "dedent unindent" }),
  row("Edit", "reindent", "Indent as the language has it", reindentLines, "Mod-Alt-\\"),
  row("Edit", "line-up", "Move line up", moveLineUp, "Alt-ArrowUp"),
  row("Edit", "line-down", "Move line down", moveLineDown, "Alt-ArrowDown"),
  row("Edit", "copy-up", "Copy line up", copyLineUp, "Alt-Shift-ArrowUp", duplicate),
  row("Edit", "copy-down", "Copy line down", copyLineDown, "Alt-Shift-ArrowDown", duplicate),
  row("Edit", "delete-line", "Delete line", deleteLine, "Mod-Shift-k"),
  row("Edit", "blank-line", "Insert a line below", insertBlankLine, "Mod-Enter"),
  row(
    "Select",
    "next-occurrence",
    "Select next occurrence",
    search("selectNextOccurrence"),
    "Mod-d",
  ),
  row(
    "Select",
    "all-occurrences",
    "Select all occurrences",
    search("selectSelectionMatches"),
    "Mod-Shift-l",
  ),
  row("Select", "line", "Select line", selectLine, "Alt-l", { macKeys: ["Ctrl-l"] }),
  row("Select", "more", "Select the surrounding syntax", selectParentSyntax, "Mod-i"),
  row("Select", "all", "Select all", selectAll, "Mod-a"),
  row("Select", "caret-above", "Add a caret above", addCursorAbove, "Mod-Alt-ArrowUp", cursor),
  row("Select", "caret-below", "Add a caret below", addCursorBelow, "Mod-Alt-ArrowDown", cursor),
  row("Go to", "next-match", "Find the next match", search("findNext"), "F3", {
    macKeys: ["Mod-g"],
  }),
  row("Go to", "previous-match", "Find the previous match", search("findPrevious"), "Shift-F3", {
    macKeys: ["Mod-Shift-g"],
  }),
  row("Go to", "bracket", "Go to the matching bracket", cursorMatchingBracket, "Mod-Shift-\\"),
  row("View", "fold", "Fold the block", foldCode, "Mod-Shift-[", {
    macKeys: ["Mod-Alt-["],
    words: "collapse",
  }),
  row("View", "unfold", "Unfold the block", unfoldCode, "Mod-Shift-]", {
    macKeys: ["Mod-Alt-]"],
    words: "expand",
  }),
  row("View", "fold-all", "Fold everything", foldAll, null),
  row("View", "unfold-all", "Unfold everything", unfoldAll, null),
];

/** What the editor's assistance has keys of its own for. */
const ASSISTED: readonly Row[] = [
  row("Suggest", "now", "Suggest now", assist("askForGhost"), "Alt-\\", ghost),
  row("Suggest", "accept", "Accept the suggestion", assist("acceptGhost"), "Tab", shown),
  row(
    "Suggest",
    "accept-word",
    "Accept a word of the suggestion",
    assist("acceptGhostWord"),
    "Mod-ArrowRight",
    shown,
  ),
  row("Suggest", "dismiss", "Dismiss the suggestion", assist("dismissGhost"), "Escape", shown),
  row("Suggest", "next", "Show the next suggestion", assist("nextGhost"), "Alt-]", shown),
  row(
    "Suggest",
    "previous",
    "Show the previous suggestion",
    assist("previousGhost"),
    "Alt-[",
    shown,
  ),
  row("Suggest", "complete", "List completions", assist("startCompletion"), "Ctrl-Space", ghost),
];

/** The table's keys, to stand before CodeMirror's own. */
export const commandKeys: readonly KeyBinding[] = COMMANDS.flatMap(
  ({ keys = [], macKeys = keys, command }) =>
    keys.map((key, index) => {
      const bound = { key, run: command, preventDefault: true };
      return macKeys[index] ? { ...bound, mac: macKeys[index] } : bound;
    }),
);

/** Tab indents; Escape, then Tab, leaves the editor, as CodeMirror has it by itself. */
export const tabKey: KeyBinding = { key: "Tab", run: indentLines, shift: outdentLines };

/** The table as actions; `perform` runs a command in the editor, if there is one. */
export function commandActions(
  perform: (command: Command) => void,
  enabled: () => boolean,
): Action[] {
  return [...COMMANDS, ...ASSISTED].map(({ command, ...row }) => ({
    ...row,
    enabled: () => enabled() && (row.enabled?.() ?? true),
    run: () => perform(command),
  }));
}

/** A command of an extra by its name there; the extra may still be on its way. */
function search(name: SearchCommand): Command {
  return later("search", (part) => part[name]);
}

function assist(name: AssistCommand): Command {
  return later("assist", (part) => part[name]);
}

type SearchCommand = Exclude<keyof typeof import("./search"), "extension">;
type AssistCommand = Exclude<keyof typeof import("./assist"), "extension">;

function row(
  section: Action["section"],
  name: string,
  title: string,
  command: Command,
  key: string | null,
  more: Partial<Row> = {},
): Row {
  const id = `${section === "Go to" ? "go" : section.toLowerCase()}.${name}`;
  return { id, section, title, command, keys: key ? [key] : [], ...more };
}
