#!/usr/bin/env bash
# google-re2 1.1.20251105 beside Python's re: patterns that match nothing but a place
#
# Guess: finditer and sub visit each place once, as re does, whose interface the package takes over.
# Saw:   every place after the first is visited twice. To put "> " before each line by (?m)^ marks the first line
#        once and all others twice; findall and split count them twice as well. A pattern that takes a letter too
#        is right.
# So:    Collab searches with Python's re, in a process with a limit on its time.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with google-re2==1.1.20251105
seen=$(python - <<'PY'
import re

import re2

for module in (re, re2):
    print(module.sub("(?m)^", "> ", "a\nb\nc").replace("\n", "|"))
    print([match.start() for match in module.finditer(r"\b", "one two")])
    print(module.sub("(?m)^(.)", r"> \1", "a\nb\nc").replace("\n", "|"))
PY
)
expect "re, before each line" "$(sed -n 1p <<<"$seen")" "> a|> b|> c"
expect "re, edges of words" "$(sed -n 2p <<<"$seen")" "[0, 3, 4, 7]"
expect "re, with a letter" "$(sed -n 3p <<<"$seen")" "> a|> b|> c"
expect "re2, before each line" "$(sed -n 4p <<<"$seen")" "> a|> > b|> > c"
expect "re2, edges of words" "$(sed -n 5p <<<"$seen")" "[0, 3, 3, 4, 7, 7]"
expect "re2, with a letter" "$(sed -n 6p <<<"$seen")" "> a|> b|> c"
