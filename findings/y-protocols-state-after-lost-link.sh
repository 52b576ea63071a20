#!/usr/bin/env bash
# y-protocols 1.0.7 with yjs 13.6.33: somebody's awareness state after it was removed because the link was lost
#
# Guess: once the link is back and the other sends its state again, it is there again.
# Saw:   a removed state leaves its clock behind. The same state comes with the same clock and is passed over, without a
#        word; the person stays unseen until that state is next changed or renewed, which takes up to 15 seconds.
# So:    who comes back to a Collab room is announced anew with name, colour and caret, whatever was known before.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with yjs@13.6.33 y-protocols@1.0.7
seen=$(node --input-type=module - <<'JS'
import {
  Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates,
} from "y-protocols/awareness";
import { Doc } from "yjs";
const [ann, bo] = [new Awareness(new Doc()), new Awareness(new Doc())];
const send = () => {
  applyAwarenessUpdate(bo, encodeAwarenessUpdate(ann, [ann.clientID]), "link");
  return bo.getStates().has(ann.clientID);
};
ann.setLocalState({ name: "Ann" });
const first = send();
removeAwarenessStates(bo, [ann.clientID], "link lost");
const again = send();
ann.setLocalState({ name: "Ann" });
console.log(first, again, send());
process.exit();
JS
)
expect "seen at first, after the link was lost, after a renewal" "$seen" "true false true"
