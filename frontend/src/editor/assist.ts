/** What helps while typing: brackets, completion lists, ghost text. One of the `extras`. */
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completeAnyWord,
} from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, tooltips } from "@codemirror/view";
import { settings } from "../settings/settings";
import { altKeys } from "./altKeys";
import { following } from "./following";
import { ghostText } from "./ghost";
import { askForGhost, ghostAsker } from "./ghostAsker";

export { startCompletion } from "@codemirror/autocomplete";
export { acceptGhost, acceptGhostWord, dismissGhost, nextGhost, previousGhost } from "./ghost";
export { askForGhost };

export function extension(): Extension {
  return [
    ghostText(),
    ghostAsker(),
    closeBrackets(),
    // A list at every letter would leave no room for ghost text; its key opens it all the same.
    following(() =>
      autocompletion({ activateOnTyping: !settings.suggestions.value, icons: false }),
    ),
    // Lists lie over the text alone: not over a touch screen's keys, nor under its keyboard.
    tooltips({ tooltipSpace: ({ dom }) => dom.getBoundingClientRect() }),
    EditorState.languageData.of(() => [{ autocomplete: otherWords }]),
    altKeys({ "Alt-\\": askForGhost }),
    keymap.of(closeBracketsKeymap),
    look,
  ];
}

/** The words of the text that are no names of variables: those the language lists itself. */
async function otherWords(context: CompletionContext): Promise<CompletionResult | null> {
  const words = await completeAnyWord(context);
  if (!words) return null;
  const names = new Set<string>();
  syntaxTree(context.state).iterate({
    enter: ({ name, from, to }) => {
      if (/^Variable/.test(name)) names.add(context.state.sliceDoc(from, to));
    },
  });
  return { ...words, options: words.options.filter(({ label }) => !names.has(label)) };
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
  ".cm-completionDetail": { marginLeft: "auto", color: "var(--muted)", fontStyle: "normal" },
  ".cm-snippetField": { backgroundColor: "var(--soft)" },
});
