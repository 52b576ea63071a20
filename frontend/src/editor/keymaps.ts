/** Loads the keymaps of other editors, each when it is first wanted. */
import type { Extension } from "@codemirror/state";
import type { KEYMAPS } from "../settings/settings";

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
