#!/usr/bin/env bash
# loro-crdt 1.17.1: undoing one's own value of a map, after somebody has set another
#
# Guess: the undo manager is documented as local, so undoing my value leaves theirs, which came later and knew mine;
#        yjs 13.6.33 does so.
# Saw:   the undo writes the value that was there before mine, over theirs.
# So:    Collab's undo reaches texts only, never names and other single values.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with loro-crdt@1.17.1 yjs@13.6.33
cat >run.mjs <<'JS'
import { LoroDoc, UndoManager } from "loro-crdt";
import * as Y from "yjs";
{
  const [a, b] = [new LoroDoc(), new LoroDoc()];
  const set = (from, to, value) => {
    from.getMap("m").set("name", value);
    from.commit();
    to.import(from.export({ mode: "update" }));
  };
  set(a, b, "first");
  const undo = new UndoManager(a, { mergeInterval: 0 });
  set(a, b, "mine");
  set(b, a, "theirs");
  undo.undo();
  console.log("loro", a.getMap("m").get("name"));
}
{
  const [a, b] = [new Y.Doc(), new Y.Doc()];
  const set = (from, to, value) => {
    from.getMap("m").set("name", value);
    Y.applyUpdate(to, Y.encodeStateAsUpdate(from), "network");
  };
  set(a, b, "first");
  const undo = new Y.UndoManager(a.getMap("m"), { captureTimeout: 0 });
  set(a, b, "mine");
  set(b, a, "theirs");
  undo.undo();
  console.log("yjs", a.getMap("m").get("name"));
}
process.exit(0);
JS
seen=$(node run.mjs)
expect "after undo" "$(tr '\n' ' ' <<<"$seen")" "loro first yjs theirs "
