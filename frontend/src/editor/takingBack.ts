/** Lets undo take back a change that a request to the server has made, such as a replacement in many files. */
import { undo } from "@codemirror/commands";
import { Facet } from "@codemirror/state";
import type { Command } from "@codemirror/view";

/** Takes such a change back if it was the last thing that the person did. Returns whether it was. */
export const takingBack = Facet.define<() => boolean, () => boolean>({
  combine: ([takeBack]) => takeBack ?? (() => false),
});

/** Undo the last thing that the person did, here or by a request. */
export const undoLast: Command = (view) => view.state.facet(takingBack)() || undo(view);
