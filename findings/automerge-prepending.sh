#!/usr/bin/env bash
# @automerge/automerge 3.5.0 beside loro-crdt 1.17.1: two people type at one place, each letter before the last one
#
# Guess: what each person typed stays together, as it does when both type forwards; the order of the two is open.
# Saw:   automerge mixes them letter by letter, and a line each that is inserted above the last one likewise. loro
#        keeps them together. Typed forwards, automerge keeps them together too.
# So:    Collab mixes them too where letters of both are saved in turns; what somebody types while nothing comes back is
#        one operation, and stays together.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with @automerge/automerge@3.5.0 loro-crdt@1.17.1
cat >run.mjs <<'JS'
import * as A from "@automerge/automerge";
import { LoroDoc } from "loro-crdt";
const automerge = (words, forwards) => {
  const start = A.from({ text: "" }, { actor: "00" });
  const docs = words.map((letters, n) => {
    let doc = A.clone(start, { actor: `0${n + 1}` });
    [...letters].forEach((letter, at) => {
      doc = A.change(doc, (draft) => A.splice(draft, ["text"], forwards ? at : 0, 0, letter));
    });
    return doc;
  });
  return A.merge(docs[0], docs[1]).text;
};
const loro = (words) => {
  const docs = words.map((letters, n) => {
    const doc = new LoroDoc();
    doc.setPeerId(BigInt(n + 1));
    for (const letter of letters) doc.getText("text").insert(0, letter);
    doc.commit();
    return doc;
  });
  docs[0].import(docs[1].export({ mode: "update" }));
  return String(docs[0].getText("text"));
};
console.log(automerge(["abc", "xyz"], true));
console.log(automerge(["abc", "xyz"], false));
console.log(loro(["abc", "xyz"]));
process.exit(0);
JS
seen=$(node run.mjs)
expect "automerge, forwards" "$(sed -n 1p <<<"$seen")" "xyzabc"
expect "automerge, backwards" "$(sed -n 2p <<<"$seen")" "zcybxa"
expect "loro, backwards" "$(sed -n 3p <<<"$seen")" "cbazyx"
