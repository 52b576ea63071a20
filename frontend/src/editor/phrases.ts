/** CodeMirror in the page's voice. From the start: it draws an editor anew when its words change. */
import { EditorState, type Extension } from "@codemirror/state";

export function phrases(): Extension {
  return EditorState.phrases.of(words);
}

const words = {
  Find: "Find",
  Replace: "Replace with",
  next: "Next",
  previous: "Previous",
  all: "Select all",
  "match case": "Match case",
  regexp: "Pattern",
  "by word": "Whole words",
  replace: "Replace",
  "replace all": "Replace all",
  close: "Close the search",
};
