/** Shows a hint in an empty file. The hint is only drawn; it is not part of the text. */
import type { Extension } from "@codemirror/state";
import { EditorView, placeholder } from "@codemirror/view";
import { keyLabel } from "../keys";

export function emptyHint(): Extension {
  const more = matchMedia("(pointer: fine)").matches
    ? `${keyLabel("Mod-k")} finds everything else there is to do.`
    : "Actions, below, has everything else there is to do.";
  return [
    placeholder(`Type or paste code here. Share the link, and others type along. ${more}`),
    look,
  ];
}

const look = EditorView.baseTheme({
  ".cm-placeholder": {
    maxWidth: "min(90ch, 100vw - 96px)",
    color: "var(--ghost)",
    fontFamily: "var(--sans)",
    whiteSpace: "normal",
  },
  // Who only watches is not asked to type.
  '[aria-readonly="true"] .cm-placeholder': { display: "none" },
});
