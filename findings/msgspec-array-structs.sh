#!/usr/bin/env bash
# msgspec 0.22.0: array-like structs, in tagged unions
#
# Guess: decoding ["add", "a", "root"] as a two-field array-like struct fails: there is one element too many.
# Saw:   the third element is dropped without a word. forbid_unknown_fields=True, which is documented for
#        objects, makes arrays strict too, inside tagged unions as well.
# So:    a protocol that grows by trailing elements must refuse them in its older readers by that flag, or an
#        older server folds a newer entry into something else than was meant.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with msgspec==0.22.0
seen=$(python - <<'PY'
import msgspec

class Add(msgspec.Struct, array_like=True, tag="add"):
    id: str

class Remove(msgspec.Struct, array_like=True, tag="remove"):
    id: str

class StrictAdd(msgspec.Struct, array_like=True, tag="add", forbid_unknown_fields=True):
    id: str

class StrictRemove(msgspec.Struct, array_like=True, tag="remove", forbid_unknown_fields=True):
    id: str

sent = b'["add", "a", "root"]'
print(msgspec.json.decode(sent, type=Add | Remove))
try:
    print(msgspec.json.decode(sent, type=StrictAdd | StrictRemove))
except msgspec.ValidationError as error:
    print(error)
PY
)
expect "loose" "$(sed -n 1p <<<"$seen")" "Add(id='a')"
expect "strict" "$(sed -n 2p <<<"$seen")" "Expected \`array\` of at most length 1"
