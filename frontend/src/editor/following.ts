import { Compartment, type Extension } from "@codemirror/state";
import { ViewPlugin } from "@codemirror/view";
import { computed, effect } from "@preact/signals";

/** What `make` gives; given anew, in a shown editor, whenever a signal that it reads is another. */
export function following(make: () => Extension): Extension {
  const compartment = new Compartment();
  const made = computed(make);
  let shown = made.peek();
  const follower = ViewPlugin.define((view) => {
    let here = true;
    const stop = effect(() => {
      const wanted = made.value;
      if (wanted === shown) return;
      shown = wanted;
      // Not now: a view that is being made, or updated, takes nothing.
      queueMicrotask(() => {
        if (here) view.dispatch({ effects: compartment.reconfigure(wanted) });
      });
    });
    const destroy = () => {
      here = false;
      stop();
    };
    return { destroy };
  });
  return [compartment.of(shown), follower];
}
