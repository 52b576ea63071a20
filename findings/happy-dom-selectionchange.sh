#!/usr/bin/env bash
# happy-dom 21.0.4: selectionchange
#
# Guess: selectionchange comes in a task of its own after the selection has moved, as browsers send it.
# Saw:   it is sent inside the call that moves the selection. An editor that moves the selection while it updates
#        itself, as CodeMirror does, then hears of it in the middle of that update and throws.
# So:    tests of the editor keep the event from its listeners.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with happy-dom@21.0.4
seen=$(node --input-type=module - <<'JS'
import { Window } from "happy-dom";
const window = new Window();
window.document.body.innerHTML = "<p>abc</p>";
let inside = false;
const seen = [];
window.document.addEventListener("selectionchange", () => seen.push(inside));
inside = true;
window.getSelection().collapse(window.document.querySelector("p").firstChild, 1);
inside = false;
await new Promise((done) => setTimeout(done, 100));
console.log(seen.join());
process.exit(0);
JS
)
expect "heard inside the call" "$seen" "true"
