#!/usr/bin/env bash
# yjs 13.6.33, pycrdt 0.14.13: the undo manager, and an update that came from elsewhere
#
# Guess: an undo manager with default options takes back local changes only. An update that is applied makes a
#        transaction that knows that it is not local.
# Saw:   the manager goes by the origin, not by that. applyUpdate without its third argument has the origin null, as
#        a local change has, and null is what is tracked: the next undo erases what somebody else wrote. pycrdt, which
#        speaks the same format, does the same, and its apply_update has no argument for an origin.
# So:    Collab tells its undo stack of own edits and of others' by two methods; there is no third way in.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with yjs@13.6.33
seen=$(node --input-type=module - <<'JS'
import * as Y from "yjs";
const theirs = new Y.Doc();
theirs.getText("t").insert(0, "theirs");
const update = Y.encodeStateAsUpdate(theirs);
for (const origin of [undefined, "network"]) {
  const mine = new Y.Doc();
  const undo = new Y.UndoManager(mine.getText("t"));
  let local;
  mine.on("afterTransaction", (transaction) => (local ??= transaction.local));
  Y.applyUpdate(mine, update, origin);
  undo.undo();
  console.log(local, JSON.stringify(mine.getText("t").toString()));
}
JS
)
expect "yjs: local?, and the text after undo" "$(sed -n 1p <<<"$seen")" 'false ""'
expect "yjs, with an origin" "$(sed -n 2p <<<"$seen")" 'false "theirs"'
python_with pycrdt==0.14.13
seen=$(python - <<'PY'
from pycrdt import Doc, Text, UndoManager

theirs, mine = Doc(), Doc()
theirs.get("t", type=Text).insert(0, "theirs")
text = mine.get("t", type=Text)
undo = UndoManager(scopes=[text])
mine.apply_update(theirs.get_update())
undo.undo()
print(repr(str(text)))
PY
)
expect "pycrdt: the text after undo" "$seen" "''"
