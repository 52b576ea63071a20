#!/usr/bin/env bash
# y-codemirror.next 0.3.6: a shared text with the line ends of Windows
#
# Guess: the binding either keeps such line ends or refuses them.
# Saw:   the editor counts a line end as one, the shared text as two, and the binding copies positions as they are. What
#        is typed on the third line lands two places to the left, on the second, for everybody else and in what is kept.
# So:    Collab's rooms hold line ends of one character; others are turned into those before a text enters.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with y-codemirror.next@0.3.6 yjs@13.6.33 @codemirror/state@6.7.6 @codemirror/view@6.43.15 happy-dom@21.0.4
cp "$findings/dom.mjs" .
cat >run.mjs <<'JS'
import { window } from "./dom.mjs";
const Y = await import("yjs");
const { yCollab } = await import("y-codemirror.next");
const { EditorState } = await import("@codemirror/state");
const { EditorView } = await import("@codemirror/view");
const text = new Y.Doc().getText("t");
text.insert(0, "one\r\ntwo\r\nthree");
const state = EditorState.create({ doc: text.toString(), extensions: [yCollab(text, null)] });
const view = new EditorView({ state, parent: window.document.body });
view.dispatch({ changes: { from: view.state.doc.line(3).from, insert: "-" } });
console.log(JSON.stringify(view.state.doc.toString()));
console.log(JSON.stringify(text.toString()));
process.exit(0);
JS
seen=$(node run.mjs)
expect "the editor" "$(sed -n 1p <<<"$seen")" '"one\ntwo\n-three"'
expect "the shared text" "$(sed -n 2p <<<"$seen")" '"one\r\ntwo-\r\nthree"'
