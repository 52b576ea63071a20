/** Gives the editor the colours of the page. Every colour is a token of ui/tokens.css. */
import { HighlightStyle } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { highlighting } from "./highlighting";

export function theme(): Extension {
  return [nonced(), chrome, highlighting(code)];
}

/** Let CodeMirror write its styles into the page. */
export function nonced(): Extension {
  return EditorView.cspNonce.of(nonce());
}

/** Return the nonce by which the server permits the styles that CodeMirror writes into the page. */
function nonce(): string {
  return document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
}

const chrome = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--surface)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    fontSize: "var(--code-size)",
    lineHeight: "1.65",
    fontVariantLigatures: "none",
  },
  ".cm-content": { padding: "8px 0 40vh", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 16px 0 10px" },
  ".cm-gutters": { border: "none", backgroundColor: "var(--surface)", color: "var(--muted)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "44px", padding: "0 8px 0 12px" },
  // Ghost lines belong to the caret's line.
  ".cm-activeLine, .cm-ghostBlock": { backgroundColor: "var(--band)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--band)", color: "var(--ink)" },
  ".cm-cursor, .cm-dropCursor": {
    borderLeft: "2px solid var(--own, var(--accent))",
    marginLeft: "-1px",
  },
  "& > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground":
    { background: "var(--selection)" },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--accent) 14%, transparent)" },
  ".cm-searchMatch": { backgroundColor: "color-mix(in srgb, var(--warn) 22%, transparent)" },
  ".cm-searchMatch-selected": {
    backgroundColor: "color-mix(in srgb, var(--warn) 40%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--soft)",
    outline: "1px solid var(--line-strong)",
  },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "var(--danger)" },
  // The keymaps write the letter's own colour into the block cursor. While a command is incomplete, the
  // block is half as high and its letter transparent; then a line under the letter replaces the block.
  "&.cm-focused .cm-fat-cursor": {
    background: "var(--accent)",
    color: "var(--on-accent) !important",
  },
  "&.cm-focused .cm-fat-cursor[style*=transparent]": {
    background: "none",
    borderBottom: "3px solid var(--accent)",
    color: "transparent !important",
  },
  "&:not(.cm-focused) .cm-fat-cursor": { outline: "1px solid var(--accent)" },
  ".cm-specialChar": { color: "var(--danger)" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--sunken)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
});

/** The colours of code. */
export const code = HighlightStyle.define([
  { tag: [tags.keyword, tags.self, tags.heading], color: "var(--keyword)" },
  { tag: [tags.string, tags.regexp, tags.character], color: "var(--string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.escape], color: "var(--number)" },
  {
    tag: [
      tags.function(tags.variableName),
      tags.function(tags.propertyName),
      tags.standard(tags.variableName),
      tags.attributeName,
      tags.labelName,
      tags.link,
      tags.url,
    ],
    color: "var(--function)",
  },
  {
    tag: [tags.typeName, tags.className, tags.namespace, tags.meta, tags.annotation],
    color: "var(--type)",
  },
  { tag: [tags.operator, tags.punctuation], color: "var(--muted)" },
  { tag: [tags.comment, tags.quote], color: "var(--comment)", fontStyle: "italic" },
  { tag: [tags.heading, tags.strong], fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strikethrough, textDecoration: "line-through" },
  { tag: [tags.inserted, tags.monospace], color: "var(--string)" },
  { tag: [tags.invalid, tags.deleted], color: "var(--danger)" },
]);
