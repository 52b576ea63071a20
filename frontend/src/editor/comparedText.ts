/** The look of two texts that are compared: what was added, what was removed, and folded lines. */
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { theme } from "./theme";

/** One of two texts that are compared: it is read, not written. `words` name it. */
export function comparedText(words: string): Extension {
  return [
    theme(),
    compareLook,
    lineNumbers(),
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ tabindex: "0", "aria-label": words }),
  ];
}

// A darker ground under changed words would leave colours of code too little contrast: they are underlined.
const compareLook = EditorView.theme({
  ".cm-content.cm-content": { padding: "8px 0" },
  "& .cm-changedLine, & .cm-insertedLine": {
    backgroundColor: "color-mix(in srgb, var(--ok) 8%, transparent)",
  },
  "&.cm-merge-a .cm-changedLine, & .cm-deletedChunk, & .cm-deletedLine": {
    backgroundColor: "color-mix(in srgb, var(--danger) 8%, transparent)",
  },
  "&.cm-merge-b .cm-changedText, & .cm-insertedText": {
    background: "none",
    boxShadow: "inset 0 -2px 0 var(--ok)",
  },
  "&.cm-merge-a .cm-changedText, & .cm-deletedText": {
    background: "none",
    boxShadow: "inset 0 -2px 0 var(--danger)",
  },
  "&.cm-merge-a .cm-changedLineGutter, & .cm-deletedLineGutter": { background: "var(--danger)" },
  "&.cm-merge-b .cm-changedLineGutter, & .cm-insertedLineGutter, & .cm-changedLineGutter": {
    background: "var(--ok)",
  },
  "& .cm-collapsedLines.cm-collapsedLines": {
    padding: "4px 12px",
    background: "var(--sunken)",
    color: "var(--muted)",
    font: "12px / 16px var(--sans)",
    "&::before, &::after": { content: '"···"' },
  },
});
