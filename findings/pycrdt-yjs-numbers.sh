#!/usr/bin/env bash
# pycrdt 0.14.13 and yjs 13.6.33: a Python integer in a shared map
#
# Guess: 1 is the integer 1 on both sides.
# Saw:   it depends on its size. A small one is a float when it is read again, even in the document it was put into.
#        One above 2**53 stays an int in Python, and arrives in JavaScript as a bigint, which JSON.stringify of the
#        map then refuses.
# So:    Collab's positions and revisions are whole numbers in JSON, and the server refuses those above 2**53.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with pycrdt==0.14.13
node_with yjs@13.6.33
seen=$(python - <<'PY'
from pathlib import Path

from pycrdt import Doc, Map

doc = Doc()
numbers = doc.get("numbers", type=Map)
numbers["small"] = 1
numbers["large"] = 2**53 + 1
print(repr(numbers["small"]), repr(numbers["large"]))
Path("update").write_bytes(doc.get_update())
PY
)
expect "read again in Python" "$seen" "1.0 9007199254740993"
seen=$(node --input-type=module - <<'JS'
import { readFileSync } from "node:fs";
import * as Y from "yjs";
const doc = new Y.Doc();
Y.applyUpdate(doc, readFileSync("update"));
const numbers = doc.getMap("numbers");
console.log(typeof numbers.get("small"), typeof numbers.get("large"));
try {
  console.log(JSON.stringify(numbers.toJSON()));
} catch (error) {
  console.log(error.name);
}
JS
)
expect "in JavaScript" "$(sed -n 1p <<<"$seen")" "number bigint"
expect "the map as JSON" "$(sed -n 2p <<<"$seen")" "TypeError"
