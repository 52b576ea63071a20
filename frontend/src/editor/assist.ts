/** Helps while typing: brackets, completion lists, ghost text. One of the `extras`. */
import { autocompletion, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { EditorView, keymap, tooltips } from "@codemirror/view";
import { settings } from "../settings/settings";
import { altKeys } from "./altKeys";
import { following } from "./following";
import { ghostText } from "./ghost";
import { askForGhost, ghostAsker, typedBefore } from "./ghostAsker";
import { names } from "./served";

export { startCompletion } from "@codemirror/autocomplete";
export { acceptGhost, acceptGhostWord, dismissGhost, nextGhost, previousGhost } from "./ghost";
export { askForGhost, typedBefore };

export function extension(): Extension {
  return [
    ghostText(),
    ghostAsker(),
    closeBrackets(),
    // A completion list at every letter would leave no room for ghost text, so it opens by itself only
    // without ghost text. Its key opens it in any case.
    following(() =>
      autocompletion({
        activateOnTyping: !settings.suggestions.value,
        icons: false,
        override: [names],
      }),
    ),
    // Keep lists within the text's area, so that they cover neither a touch screen's key row nor lie
    // under its keyboard.
    tooltips({ tooltipSpace: ({ dom }) => dom.getBoundingClientRect() }),
    altKeys({ "Alt-\\": askForGhost }),
    keymap.of(closeBracketsKeymap),
    look,
  ];
}

const look = EditorView.theme({
  ".cm-ghost::after": {
    content: "attr(data-text)",
    color: "var(--ghost)",
    fontStyle: "italic",
  },
  ".cm-ghostBlock": { padding: "0 16px 0 10px" },
  ".cm-tooltip": {
    border: "1px solid var(--line)",
    borderRadius: "8px",
    color: "var(--ink)",
    backgroundColor: "var(--raised)",
    boxShadow: "var(--shadow-float)",
    overflow: "hidden",
  },
  // The documentation of a name lies beside the list.
  ".cm-tooltip.cm-tooltip-autocomplete": { overflow: "visible" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    maxHeight: "217px",
    padding: "4px",
    fontFamily: "var(--mono)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    alignItems: "center",
    gap: "12px",
    minHeight: "26px",
    padding: "0 8px",
    borderRadius: "5px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--accent-text)",
    backgroundColor: "var(--soft)",
  },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": {
    marginLeft: "auto",
    color: "var(--muted)",
    fontStyle: "normal",
    maxWidth: "40ch",
    overflow: "hidden",
    textOverflow: "ellipsis",
  },
  ".cm-tooltip.cm-completionInfo": {
    maxWidth: "420px",
    maxHeight: "260px",
    padding: "8px 12px",
    overflow: "auto",
    fontFamily: "var(--sans)",
    fontSize: "13px",
    whiteSpace: "pre-wrap",
  },
  ".cm-infoType": { fontFamily: "var(--mono)", color: "var(--muted)" },
  ".cm-snippetField": { backgroundColor: "var(--soft)" },
});
