#!/usr/bin/env bash
# @replit/codemirror-emacs 6.1.0: the mark, and changes that no key made
#
# Guess: the mark follows the text, as the plugin has a method that maps marks through changes.
# Saw:   any change of the document ends the mark first, also one that a program makes elsewhere in the text, as
#        others' edits are. So C-SPC, somebody types at the end of the file, M-f, C-w cuts no region.
# So:    Collab keeps the mark over others' edits and maps it itself.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with @replit/codemirror-emacs@6.1.0 @codemirror/autocomplete@6.20.4 @codemirror/commands@6.11.1 \
    @codemirror/search@6.7.2 @codemirror/state@6.7.6 @codemirror/view@6.43.15 happy-dom@21.0.4
cp "$findings/dom.mjs" .
cat >run.mjs <<'JS'
import { window } from "./dom.mjs";
const { EditorState } = await import("@codemirror/state");
const { EditorView } = await import("@codemirror/view");
const { emacs, EmacsHandler } = await import("@replit/codemirror-emacs");
let handler;
const { updateMarksOnChange } = EmacsHandler.prototype;
EmacsHandler.prototype.updateMarksOnChange = function (changes) {
  handler = this;
  return updateMarksOnChange.call(this, changes);
};
const state = EditorState.create({ doc: "one two three", extensions: [emacs()] });
const view = new EditorView({ state, parent: window.document.body });
view.dispatch({ changes: { from: 0, insert: "x" } }); // tells us the handler
handler.setEmacsMark([5, 5]);
const set = JSON.stringify(handler.emacsMark());
view.dispatch({ changes: { from: view.state.doc.length, insert: "!" } });
console.log(set, JSON.stringify(handler.emacsMark() ?? null));
process.exit(0);
JS
expect "the mark before and after a change at the end" "$(node run.mjs)" "[5,5] null"
