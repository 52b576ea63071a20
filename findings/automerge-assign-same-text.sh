#!/usr/bin/env bash
# @automerge/automerge 3.5.0: giving a field the value that it has
#
# Guess: draft.note = draft.note changes nothing, as it does with a number.
# Saw:   with a number there is no change at all. With a text there is one: it makes a new text of the same letters,
#        and what somebody else typed into the old one meanwhile is gone after the merge, whoever has which actor id,
#        without a conflict to be read.
# So:    a whole text that a program sends to Collab becomes an edit of what differs from the text it knew.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with @automerge/automerge@3.5.0
cat >run.mjs <<'JS'
import * as A from "@automerge/automerge";
for (const [mine, theirs] of [["01", "02"], ["02", "01"]]) {
  const start = A.from({ note: "hello", count: 1 }, { actor: mine });
  const counted = A.change(start, (draft) => {
    draft.count = draft.count;
  });
  const same = A.change(start, (draft) => {
    draft.note = draft.note;
  });
  const typed = A.change(A.clone(start, { actor: theirs }), (draft) => A.splice(draft, ["note"], 5, 0, " world"));
  const unchanged = (doc) => A.getHeads(doc)[0] === A.getHeads(start)[0];
  const merged = A.merge(same, typed);
  console.log(unchanged(counted), unchanged(same), merged.note, A.getConflicts(merged, "note"));
}
process.exit(0);
JS
seen=$(node run.mjs)
expect "no change: number, text; the merged text, conflicts" "$(sed -n 1p <<<"$seen")" "true false hello undefined"
expect "with the other order of actors" "$(sed -n 2p <<<"$seen")" "true false hello undefined"
