import { Compartment, type Extension } from "@codemirror/state";
import { ViewPlugin } from "@codemirror/view";
import { computed, effect } from "@preact/signals";

/**
 * Return an extension that holds what `make` returns. While the editor is shown, the extension is made
 * again whenever a signal that `make` reads has changed.
 */
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
      // Dispatch later: a view that is being created or updated accepts no dispatch.
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
