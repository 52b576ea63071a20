#!/usr/bin/env bash
# yjs 13.6.33 and loro-crdt 1.17.1: two people delete the same letter, and both undo it
#
# Guess: each letter has an identity, so deleting one twice is deleting it once, and so is bringing it back.
# Saw:   the deletions meet in one letter, the undos do not: each makes a new letter, and the word has it twice. It is
#        so even if the second undo comes when the first has arrived and the letter is there to be seen.
# So:    Collab's undo does the same, and its documentation says so among the limits.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with yjs@13.6.33 loro-crdt@1.17.1
cat >run.mjs <<'JS'
import { LoroDoc, UndoManager } from "loro-crdt";
import * as Y from "yjs";
const yjs = {
  make: () => new Y.Doc(),
  text: (doc) => doc.getText("t"),
  undoing: (doc) => new Y.UndoManager(doc.getText("t"), { captureTimeout: 0 }),
  send: (from, to) => Y.applyUpdate(to, Y.encodeStateAsUpdate(from), "network"),
  commit: () => {},
};
const loro = {
  make: () => new LoroDoc(),
  text: (doc) => doc.getText("t"),
  undoing: (doc) => new UndoManager(doc, { mergeInterval: 0 }),
  send: (from, to) => to.import(from.export({ mode: "update" })),
  commit: (doc) => doc.commit(),
};
for (const [name, peer] of Object.entries({ yjs, loro })) {
  for (const seenBetween of [false, true]) {
    const [a, b] = [peer.make(), peer.make()];
    const exchange = () => (peer.send(a, b), peer.send(b, a));
    peer.text(a).insert(0, "abc");
    peer.commit(a);
    exchange();
    const undos = [a, b].map(peer.undoing);
    for (const doc of [a, b]) {
      peer.text(doc).delete(1, 1);
      peer.commit(doc);
    }
    exchange();
    undos[0].undo();
    if (seenBetween) exchange();
    undos[1].undo();
    exchange();
    console.log(name, seenBetween, String(peer.text(a)), String(peer.text(b)));
  }
}
process.exit(0);
JS
seen=$(node run.mjs)
expect "yjs, at once" "$(sed -n 1p <<<"$seen")" "yjs false abbc abbc"
expect "yjs, one after the other" "$(sed -n 2p <<<"$seen")" "yjs true abbc abbc"
expect "loro, at once" "$(sed -n 3p <<<"$seen")" "loro false abbc abbc"
expect "loro, one after the other" "$(sed -n 4p <<<"$seen")" "loro true abbc abbc"
