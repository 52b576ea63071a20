/**
 * Lists everything that a person can do to the text, in one table for the editor's keys and the page's
 * actions.
 */
import { redo, selectAll } from "@codemirror/commands";
import type { Command, KeyBinding } from "@codemirror/view";
import type { Action } from "../actions";
import { suggestionShown } from "../suggestions";
import { later } from "./extras";
import { undoLast } from "./takingBack";

type Row = Omit<Action, "run" | "checked"> & { command: Command };

const duplicate = { words: "duplicate" };
const cursor = { words: "cursor" };
const ghost = { words: "complete autocomplete ghost", editorOnly: true };
const shown = { ...ghost, enabled: () => suggestionShown.value !== null };

const indentLines = more("indentLines");
const outdentLines = more("outdentLines");

/** Rows of section, id, title, command, keys, and further properties. */
const COMMANDS: readonly Row[] = [
  row("Edit", "undo", "Undo", undoLast, "Mod-z", { words: "take back revert" }),
  row("Edit", "redo", "Redo", redo, "Mod-y", { macKeys: ["Mod-Shift-z"] }),
  row("Edit", "find", "Find", search("openSearchPanel"), "Mod-f", {
    words: "search",
    global: true,
  }),
  row("Edit", "replace", "Find and replace", search("openReplace"), "Mod-h", {
    macKeys: ["Mod-Alt-f"],
    global: true,
  }),
  row("Edit", "comment", "Toggle comment", more("toggleComments"), "Mod-/", { words: "uncomment" }),
  row("Edit", "block-comment", "Toggle block comment", more("toggleBlockComment"), "Alt-Shift-a", {
    macKeys: ["Ctrl-Shift-a"],
  }),
  row("Edit", "indent", "Indent", indentLines, "Mod-]"),
  row("Edit", "outdent", "Outdent", outdentLines, "Mod-[", { words: "dedent unindent" }),
  row("Edit", "reindent", "Indent as the language has it", more("reindentLines"), "Mod-Alt-\\"),
  row("Edit", "line-up", "Move line up", more("moveLineUp"), "Alt-ArrowUp"),
  row("Edit", "line-down", "Move line down", more("moveLineDown"), "Alt-ArrowDown"),
  row("Edit", "copy-up", "Copy line up", more("copyLineUp"), "Alt-Shift-ArrowUp", duplicate),
  row(
    "Edit",
    "copy-down",
    "Copy line down",
    more("copyLineDown"),
    "Alt-Shift-ArrowDown",
    duplicate,
  ),
  row("Edit", "delete-line", "Delete line", more("deleteLine"), "Mod-Shift-k"),
  row("Edit", "blank-line", "Insert a line below", more("insertBlankLine"), "Mod-Shift-Enter"),
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
  row("Select", "line", "Select line", more("selectLine"), "Alt-l", { macKeys: ["Ctrl-l"] }),
  row("Select", "more", "Select the surrounding syntax", more("selectParentSyntax"), "Mod-i"),
  row("Select", "all", "Select all", selectAll, "Mod-a"),
  row(
    "Select",
    "caret-above",
    "Add a caret above",
    more("addCursorAbove"),
    "Mod-Alt-ArrowUp",
    cursor,
  ),
  row(
    "Select",
    "caret-below",
    "Add a caret below",
    more("addCursorBelow"),
    "Mod-Alt-ArrowDown",
    cursor,
  ),
  row("Go to", "next-match", "Find the next match", search("findNext"), "F3", {
    macKeys: ["Mod-g"],
  }),
  row("Go to", "previous-match", "Find the previous match", search("findPrevious"), "Shift-F3", {
    macKeys: ["Mod-Shift-g"],
  }),
  row(
    "Go to",
    "bracket",
    "Go to the matching bracket",
    more("cursorMatchingBracket"),
    "Mod-Shift-\\",
  ),
  row("View", "fold", "Fold the block", more("foldBlock"), "Mod-Shift-[", {
    macKeys: ["Mod-Alt-["],
    words: "collapse",
  }),
  row("View", "unfold", "Unfold the block", more("unfoldCode"), "Mod-Shift-]", {
    macKeys: ["Mod-Alt-]"],
    words: "expand",
  }),
  row("View", "fold-all", "Fold everything", more("foldEverything"), null),
  row("View", "unfold-all", "Unfold everything", more("unfoldAll"), null),
];

/** Commands whose keys the editor's assistance binds itself. */
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

/** The key bindings of the table. They must come before CodeMirror's own. */
export const commandKeys: readonly KeyBinding[] = COMMANDS.flatMap(
  ({ keys = [], macKeys = keys, command }) =>
    keys.map((key, index) => {
      const bound = { key, run: command, preventDefault: true };
      return macKeys[index] ? { ...bound, mac: macKeys[index] } : bound;
    }),
);

/** Makes Tab indent. Escape, then Tab, leaves the editor: CodeMirror does that by itself. */
export const tabKey: KeyBinding = { key: "Tab", run: indentLines, shift: outdentLines };

/** Return the table as actions of the page. `perform` runs a command in the editor, if there is an editor. */
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

/** Return a command of the search, named as there. The search may still be loading. */
function search(name: SearchCommand): Command {
  return later("search", (part) => part[name]);
}

function more(name: MoreCommand): Command {
  return later("more", (part) => part[name]);
}

function assist(name: AssistCommand): Command {
  return later("assist", (part) => part[name]);
}

type MoreCommand = Exclude<keyof typeof import("./more"), "extension">;
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
