#!/usr/bin/env bash
# @codemirror/language 6.13.1: ensureSyntaxTree, syntaxTreeAvailable and syntaxTree of one state
#
# Guess: once ensureSyntaxTree has parsed a state to its end, syntaxTree of that state is that tree; all the more where
#        syntaxTreeAvailable says that it is there.
# Saw:   ensureSyntaxTree returns the whole tree, and syntaxTreeAvailable says yes from then on, but syntaxTree of the
#        same state stays the short tree of its beginning. The state after it, even after an empty transaction, has
#        the whole one.
# So:    what Collab colours waits for a later update whose tree is long enough, and asks the tree itself for its length.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with @codemirror/language@6.13.1 @codemirror/lang-json@6.0.2 @codemirror/state@6.7.6 @codemirror/view@6.43.15
seen=$(node --input-type=module - <<'JS'
import { json } from "@codemirror/lang-json";
import { ensureSyntaxTree, syntaxTree, syntaxTreeAvailable } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
const doc = JSON.stringify(Array.from({ length: 3000 }, (_, n) => ({ n })));
const state = EditorState.create({ doc, extensions: [json()] });
const whole = (tree) => tree.length === doc.length;
console.log(whole(ensureSyntaxTree(state, doc.length, 60_000)));
console.log(syntaxTreeAvailable(state, doc.length), whole(syntaxTree(state)), whole(syntaxTree(state.update({}).state)));
JS
)
expect "ensureSyntaxTree gives the whole tree" "$(sed -n 1p <<<"$seen")" "true"
expect "it is available; syntaxTree has it; of the next state" "$(sed -n 2p <<<"$seen")" "true false true"
