#!/usr/bin/env bash
# pycrdt 0.14.13: positions in a text
#
# Guess: they count as those of the str that the text gives: code points. The documentation gives no unit.
# Saw:   they count bytes of UTF-8, and so do len() and the positions in events, though Yjs at the other end of the same
#        document counts in UTF-16. So a slice takes other letters than the same slice of the str, and an insertion
#        in the middle of a letter goes to the end of the text, without an error.
# So:    Collab counts code points in every language, and a page about ports says so.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with pycrdt==0.14.13
seen=$(python - <<'PY'
from pycrdt import Doc, Text

def shared(content: str) -> Text:
    text = Doc().get("t", type=Text)
    text += content
    return text

text = shared("größer")
print(len(text), len(str(text)))
del text[0:4]
print(str(text), "größer"[4:])
text = shared("größer")
text.insert(3, "-")
print(str(text))
PY
)
expect "the length of the text, of its str" "$(sed -n 1p <<<"$seen")" "8 6"
expect "without 0:4, as text and as str" "$(sed -n 2p <<<"$seen")" "ßer er"
expect "with a dash at 3" "$(sed -n 3p <<<"$seen")" "größer-"
