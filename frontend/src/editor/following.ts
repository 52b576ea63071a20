import { Compartment, type Extension } from "@codemirror/state";
import { ViewPlugin } from "@codemirror/view";
import { effect } from "@preact/signals";

/** What `make` gives; given anew, in a shown editor, whenever a signal that it reads is another. */
export function following(make: () => Extension): Extension {
  const compartment = new Compartment();
  const follower = ViewPlugin.define((view) => {
    let here = true;
    const stop = effect(() => {
      const made = make();
      // Not now: a view that is being made, or updated, takes nothing.
      queueMicrotask(() => {
        if (here) view.dispatch({ effects: compartment.reconfigure(made) });
      });
    });
    const destroy = () => {
      here = false;
      stop();
    };
    return { destroy };
  });
  return [compartment.of(make()), follower];
}
