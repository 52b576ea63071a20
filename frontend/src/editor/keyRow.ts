/** The commands behind the keys of a touch screen's key row. */
import { insertBracket } from "@codemirror/autocomplete";
import { cursorCharLeft, cursorCharRight, redo } from "@codemirror/commands";
import { type Command, type EditorView, runScopeHandlers } from "@codemirror/view";
import { undoLast } from "./takingBack";

/** Type a character as the keyboard would: a bracket brings its partner. */
export function typing(character: string): Command {
  return (view) => {
    const { state } = view;
    const typed = insertBracket(state, character) ?? {
      ...state.replaceSelection(character),
      userEvent: "input.type",
      scrollIntoView: true,
    };
    view.dispatch(typed);
    return true;
  };
}

/** Do what Tab does at this place: accept, complete or indent. */
export const pressTab: Command = (view: EditorView) =>
  runScopeHandlers(view, new KeyboardEvent("keydown", { key: "Tab" }), "editor");

/** Do what Escape does at this place, for every part of the page that listens for it. */
export const pressEscape: Command = (view: EditorView) => {
  const init = { key: "Escape", code: "Escape", keyCode: 27, bubbles: true, cancelable: true };
  view.contentDOM.dispatchEvent(new KeyboardEvent("keydown", init));
  return true;
};

export const KEYS: readonly { label: string; name: string; command: Command }[] = [
  { label: "Tab", name: "Tab", command: pressTab },
  { label: "Esc", name: "Esc", command: pressEscape },
  ...Object.entries({
    "(": "Opening bracket",
    ")": "Closing bracket",
    "[": "Opening square bracket",
    "]": "Closing square bracket",
    "{": "Opening brace",
    "}": "Closing brace",
    ":": "Colon",
    "=": "Equals sign",
    '"': "Quotation mark",
    "'": "Apostrophe",
    "#": "Number sign",
    _: "Underscore",
  }).map(([label, name]) => ({ label, name, command: typing(label) })),
];

export const MOVES = { undo: undoLast, redo, left: cursorCharLeft, right: cursorCharRight };
