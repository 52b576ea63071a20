#!/usr/bin/env bash
# @codemirror/commands 6.11.1: history, and changes that are not added to it
#
# Guess: a change with addToHistory.of(false), as others' edits are made, never alters how many steps there are to
#        undo.
# Saw:   typing a letter and erasing it joins into one step that does nothing. It counts as a step until somebody
#        else's change comes: then it is dropped, and the next undo goes one step further back than it would have.
# So:    tests that compare an editor with and without others' edits give each change a step of its own.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with @codemirror/commands@6.11.1 @codemirror/state@6.7.6 @codemirror/view@6.43.15 @codemirror/language@6.13.1
seen=$(node --input-type=module - <<'JS'
import { history, undoDepth } from "@codemirror/commands";
import { EditorState, Transaction } from "@codemirror/state";
let state = EditorState.create({ doc: "x", extensions: [history()] });
const depths = [];
for (const spec of [
  { changes: { from: 1, insert: "a" }, userEvent: "input.type" },
  { changes: { from: 1, to: 2 }, userEvent: "delete.backward" },
  { changes: { from: 0, insert: "R" }, annotations: Transaction.addToHistory.of(false) },
]) {
  state = state.update(spec).state;
  depths.push(undoDepth(state));
}
console.log(depths.join(" "));
JS
)
expect "steps to undo: typed, erased, somebody else's" "$seen" "1 1 0"
