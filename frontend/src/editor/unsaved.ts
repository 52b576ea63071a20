import { Facet } from "@codemirror/state";

/** How many changes of the person here are not saved yet. */
export const unsavedChanges = Facet.define<() => number, () => number>({
  combine: ([count]) => count ?? (() => 0),
});
