#!/usr/bin/env bash
# @codemirror/merge 6.12.3: diff() with a scanLimit
#
# Guess: with a limit, a diff of two long texts is coarser: fewer and larger changes, around the places that differ.
# Saw:   where many lines changed, the limit gives a single change that replaces everything from the first
#        difference to the last. Without one, the same diff is exact and takes time that grows with the square of
#        what changed.
# So:    Collab cuts both texts into words first and compares those, which needs no limit on time.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with @codemirror/merge@6.12.3 @codemirror/state@6.7.6 @codemirror/view@6.43.15 @codemirror/language@6.13.1
seen=$(node --input-type=module - <<'JS'
import { diff } from "@codemirror/merge";
const lines = (quote) => Array.from({ length: 300 }, (_, n) => `print(${quote}value ${n}${quote},n)\n`).join("");
const [a, b] = [lines("'"), lines('"')];
console.log(diff(a, b).length);
const limited = diff(a, b, { scanLimit: 50 });
console.log(limited.length, limited[0].toA - limited[0].fromA > 0.9 * a.length);
JS
)
expect "changes without a limit" "$(sed -n 1p <<<"$seen")" "600"
expect "with one, and whether it covers the text" "$(sed -n 2p <<<"$seen")" "1 true"
