/** The keys of other editors, each loaded when it is first wanted. */
import { type Extension, Facet } from "@codemirror/state";
import type { KEYMAPS } from "../settings";

/** How many changes of the person here are not saved yet. */
export const unsavedChanges = Facet.define<() => number, () => number>({
  combine: ([count]) => count ?? (() => 0),
});

export async function loadKeymap(name: (typeof KEYMAPS)[number]): Promise<Extension> {
  switch (name) {
    case "vim":
      return (await import("./vim")).vim();
    case "emacs":
      return (await import("./emacs")).emacs();
    case "default":
      return [];
  }
}
