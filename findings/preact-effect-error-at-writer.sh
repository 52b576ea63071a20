#!/usr/bin/env bash
# @preact/signals-core 1.14.5: an effect that throws
#
# Guess: its error is reported, as that of a listener of an event is, and whoever gives the signal its value goes on.
# Saw:   the assignment throws it, after the value is set and all other effects have run. When two throw, the second
#        error is lost. The effects stay subscribed.
# So:    in Collab what comes over the connection gives signals their values through one function, which catches and
#        reports; otherwise a fault of a pane would end the reading of messages.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with @preact/signals-core@1.14.5
seen=$(node --input-type=module - <<'JS'
import { effect, signal } from "@preact/signals-core";
const count = signal(0);
const heard = [];
const failing = (words) => effect(() => {
  heard.push(`${words} ${count.value}`);
  if (count.value === 1) throw new Error(words);
});
failing("one");
effect(() => void heard.push(`fine ${count.value}`));
failing("two");
heard.length = 0;
try {
  count.value = 1;
  console.log("nothing");
} catch (error) {
  console.log(error.message, count.value, error.cause);
}
count.value = 2;
console.log(heard.join(", "));
JS
)
expect "the writer hears" "$(sed -n 1p <<<"$seen")" "one 1 undefined"
expect "the effects ran" "$(sed -n 2p <<<"$seen")" "one 1, fine 1, two 1, one 2, fine 2, two 2"
