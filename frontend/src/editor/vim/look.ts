/** Gives Vim's cursor and message line the colours and fonts of the page. */
import { EditorView } from "@codemirror/view";
import type { CodeMirror } from "@replit/codemirror-vim";

/**
 * Matches messages that are not errors. The keymap writes all messages in red, but only errors should
 * be red.
 */
const PLAIN = /^\d+ lines? yanked|^Found \d+ match|^\{|^---/;

/** Leave the colours of messages to the style sheet. */
export function plainMessages(editor: CodeMirror): void {
  const openNotification = editor.openNotification.bind(editor);
  editor.openNotification = (message, options) => {
    if (message instanceof HTMLElement) {
      message.style.removeProperty("color");
      if (message.textContent === "1 lines yanked") message.textContent = "1 line yanked";
      message.dataset.plain = String(PLAIN.test(message.textContent ?? ""));
    }
    return openNotification(message, options);
  };
}

export const look = EditorView.theme({
  "& .cm-vim-panel.cm-vim-panel": {
    alignItems: "center",
    minHeight: "26px",
    padding: "3px 12px",
    font: "500 12px/20px var(--mono)",
    fontVariantLigatures: "none",
    color: "var(--muted)",
  },
  "& .cm-vim-panel span": { fontFamily: "inherit !important" },
  "& .cm-vim-panel span span": { color: "var(--muted) !important" },
  "& .cm-vim-panel input": {
    minWidth: "0",
    padding: "0",
    border: "none",
    font: "inherit",
    color: "var(--ink)",
    background: "none",
  },
  "& .cm-vim-panel .cm-vim-question": { color: "var(--ink)" },
  "& .cm-vim-panel .cm-vim-question input": { width: "2ch" },
  "& .cm-vim-message": { color: "var(--danger)", overflowWrap: "anywhere" },
  "& .cm-vim-message[data-plain=true], & span.cm-vim-message": { color: "var(--ink)" },
});
