import { Facet } from "@codemirror/state";

/** Returns the number of changes of the person here that are not saved yet. */
export const unsavedChanges = Facet.define<() => number, () => number>({
  combine: ([count]) => count ?? (() => 0),
});
