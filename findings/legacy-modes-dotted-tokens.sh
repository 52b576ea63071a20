#!/usr/bin/env bash
# @codemirror/legacy-modes 6.5.5: a token of simpleMode whose name has a dot
#
# Guess: simpleMode hands the names of its tokens on, so "variableName.special" is a special variable name, as it is in
#        any mode that StreamLanguage takes.
# Saw:   simpleMode makes a blank of each dot, and StreamLanguage takes the words apart: the modifier alone is no tag
#        ("used at start of tag" is logged once), and what is left is a plain variable name. The old name
#        "variable-2" means a special one in both.
# So:    Collab's grammars for simpleMode use the old names.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with @codemirror/legacy-modes@6.5.5 @codemirror/language@6.13.1 @codemirror/state@6.7.6 @codemirror/view@6.43.15 \
    @lezer/highlight@1.2.5
cat >run.mjs <<'JS'
import { StreamLanguage } from "@codemirror/language";
import { simpleMode } from "@codemirror/legacy-modes/mode/simple-mode";
import { highlightTree } from "@lezer/highlight";

console.warn = () => {};
function tagsOf(mode) {
  const tree = StreamLanguage.define(mode).parser.parse("$name");
  const found = [];
  highlightTree(tree, { style: (tags) => tags.join("+") }, (_from, _to, tags) => found.push(tags));
  return found.join();
}
for (const token of ["variableName.special", "variable-2"]) {
  const direct = { token: (stream) => stream.match(/\$\w+/) && token };
  console.log(`${token}: ${tagsOf(simpleMode({ start: [{ regex: /\$\w+/, token }] }))}, ${tagsOf(direct)}`);
}
JS
expect "by simpleMode, by a mode of one's own" "$(node run.mjs | tr '\n' ';')" \
    "variableName.special: variableName, special(variableName);variable-2: special(variableName), special(variableName);"
