#!/usr/bin/env bash
# yjs 13.6.33: asking for what is missing when nothing is
#
# Guess: encodeStateAsUpdate against the state vector of the very document gives the empty update, whatever the past of
#        the document; the README says that it computes only the differences.
# Saw:   the difference is one of insertions only. Every stretch that was ever deleted is in each such answer: with a
#        thousand of them, thousands of bytes for somebody who has missed nothing. diffUpdate does the same.
# So:    who joins a Collab room with a revision is sent the entries after it, which for the last one are none.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with yjs@13.6.33
seen=$(node --input-type=module - <<'JS'
import * as Y from "yjs";
const doc = new Y.Doc();
doc.clientID = 1;
const text = doc.getText("t");
text.insert(0, "ab".repeat(1000));
const missing = () => Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc)).length;
const before = missing();
for (let at = 0; at < 1000; at++) text.delete(at, 1);
console.log(before, missing(), Y.diffUpdate(Y.encodeStateAsUpdate(doc), Y.encodeStateVector(doc)).length);
JS
)
expect "bytes before deletions, after, from diffUpdate" "$seen" "2 2941 2941"
