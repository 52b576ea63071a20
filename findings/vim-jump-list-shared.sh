#!/usr/bin/env bash
# @replit/codemirror-vim 6.4.0: two editors on one page
#
# Guess: each editor has a jump list of its own, as windows of Vim have; Ctrl-O in one knows nothing of the other.
# Saw:   there is one list for the page. After jumps in the first editor, Ctrl-O in the second, in which nobody has
#        jumped, moves its caret to a line of the first.
# So:    Collab gives the list back empty whenever another editor gets the keys.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with @replit/codemirror-vim@6.4.0 @codemirror/commands@6.11.1 @codemirror/language@6.13.1 \
    @codemirror/search@6.7.2 @codemirror/state@6.7.6 @codemirror/view@6.43.15 happy-dom@21.0.4
cp "$findings/dom.mjs" .
cat >run.mjs <<'JS'
import { window } from "./dom.mjs";
const { EditorState } = await import("@codemirror/state");
const { EditorView } = await import("@codemirror/view");
const { getCM, vim, Vim } = await import("@replit/codemirror-vim");
const doc = "line\n".repeat(50);
const editor = () =>
  new EditorView({ state: EditorState.create({ doc, extensions: [vim()] }), parent: window.document.body });
const press = (view, keys) => keys.forEach((key) => Vim.handleKey(getCM(view), key, "user"));
const line = (view) => view.state.doc.lineAt(view.state.selection.main.head).number;
const [first, second] = [editor(), editor()];
press(first, ["2", "0", "G", "4", "0", "G"]);
const before = line(second);
press(second, ["<C-o>"]);
console.log(before, line(second));
process.exit(0);
JS
expect "the second editor's line before and after Ctrl-O" "$(node run.mjs)" "1 20"
