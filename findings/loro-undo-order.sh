#!/usr/bin/env bash
# loro-crdt 1.17.1 beside yjs 13.6.33: undoing a deletion, in the middle of which somebody typed meanwhile
#
# Guess: the deleted word comes back where it was, around what the other typed: both engines know the place between
#        the deleted letters.
# Saw:   yjs gives back "hel-lo". loro puts the whole word before the other's text, "hello-": what stood behind the
#        insertion before now stands in front of it.
# So:    that two characters keep their order over any undo is a law of Collab's UndoStack.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with loro-crdt@1.17.1 yjs@13.6.33
cat >run.mjs <<'JS'
import { LoroDoc, UndoManager } from "loro-crdt";
import * as Y from "yjs";
{
  const [a, b] = [new LoroDoc(), new LoroDoc()];
  const exchange = () => (b.import(a.export({ mode: "update" })), a.import(b.export({ mode: "update" })));
  a.getText("t").insert(0, "hello");
  a.commit();
  exchange();
  const undo = new UndoManager(a, { mergeInterval: 0 });
  a.getText("t").delete(0, 5);
  b.getText("t").insert(3, "-");
  for (const doc of [a, b]) doc.commit();
  exchange();
  undo.undo();
  exchange();
  console.log(String(a.getText("t")), String(b.getText("t")));
}
{
  const [a, b] = [new Y.Doc(), new Y.Doc()];
  const send = (from, to) => Y.applyUpdate(to, Y.encodeStateAsUpdate(from), "network");
  const exchange = () => (send(a, b), send(b, a));
  a.getText("t").insert(0, "hello");
  exchange();
  const undo = new Y.UndoManager(a.getText("t"), { captureTimeout: 0 });
  a.getText("t").delete(0, 5);
  b.getText("t").insert(3, "-");
  exchange();
  undo.undo();
  exchange();
  console.log(String(a.getText("t")), String(b.getText("t")));
}
process.exit(0);
JS
seen=$(node run.mjs)
expect "loro" "$(sed -n 1p <<<"$seen")" "hello- hello-"
expect "yjs" "$(sed -n 2p <<<"$seen")" "hel-lo hel-lo"
