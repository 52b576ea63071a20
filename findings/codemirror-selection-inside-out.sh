#!/usr/bin/env bash
# @codemirror/state 6.7.6: a selection within a stretch that a change replaces
#
# Guess: the selection is mapped to something within the new text, or to a caret beside it. `from` is documented as the
#        lower end of a range.
# Saw:   its two ends swap: `from` is behind the new text and `to` before it. The state is made without complaint; the
#        next edit of the selection raises an error.
# So:    Collab turns such a range into a caret after each transaction that leaves one.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with @codemirror/state@6.7.6
seen=$(node --input-type=module - <<'JS'
import { EditorState } from "@codemirror/state";
const before = EditorState.create({ doc: "total = 1", selection: { anchor: 2, head: 4 } });
const { state } = before.update({ changes: { from: 0, to: 5, insert: "amount" } });
const { from, to } = state.selection.main;
console.log(from, to);
try {
  state.update(state.replaceSelection("x"));
} catch (error) {
  console.log(error.message);
}
JS
)
expect "the selection's from and to" "$(sed -n 1p <<<"$seen")" "6 0"
expect "typing over it" "$(sed -n 2p <<<"$seen")" "Invalid change range 6 to 0 (in doc of length 10)"
