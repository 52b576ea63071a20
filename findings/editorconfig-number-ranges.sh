#!/usr/bin/env bash
# editorconfig 0.17.1 of PyPI and editorconfig 3.0.2 of npm: sections with a range of numbers
#
# Guess: both are EditorConfig's own, tested with one suite, so [{0..2}.txt] is the same files to both.
# Saw:   0 is in no range to the Python package, not even in {-2..2}, and "+1" is in one. To the other, zeros before
#        the numbers of a range have to be there in the name, and a range that counts down is one.
# So:    Collab's reader of .editorconfig has tests of its own for what it takes a pattern to mean.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with editorconfig==0.17.1
node_with editorconfig@3.0.2
names="0.txt 1.txt +1.txt 01.txt 2.txt"
cat >run.py <<'PY'
import os, sys
import editorconfig

print(*[name for name in sys.argv[1:] if editorconfig.get_properties(os.path.abspath(name))])
PY
cat >run.mjs <<'JS'
import { resolve } from "node:path";
import { parse } from "editorconfig";
const found = [];
for (const name of process.argv.slice(2)) {
  if (Object.keys(await parse(resolve(name))).length > 0) found.push(name);
}
console.log(found.join(" "));
JS
matched() { # matched GLOB: what each of the two takes it for
    printf 'root = true\n\n[%s.txt]\nindent_size = 2\n' "$1" >.editorconfig
    printf '%s / %s' "$(python run.py $names)" "$(node run.mjs $names)"
}
expect "{0..2}" "$(matched '{0..2}')" "1.txt +1.txt 2.txt / 0.txt 1.txt 2.txt"
expect "{-2..2}" "$(matched '{-2..2}')" "1.txt +1.txt 2.txt / 0.txt 1.txt 2.txt"
expect "{01..02}" "$(matched '{01..02}')" "1.txt +1.txt 2.txt / 01.txt"
expect "{2..1}" "$(matched '{2..1}')" " / 1.txt 2.txt"
