/** The keys of other editors, each loaded when it is first wanted. */
import type { Extension } from "@codemirror/state";
import { openPalette } from "../overlays";
import type { KEYMAPS } from "../settings";

export async function loadKeymap(name: (typeof KEYMAPS)[number]): Promise<Extension> {
  switch (name) {
    case "vim":
      return (await import("@replit/codemirror-vim")).vim({ status: true });
    case "emacs": {
      const { emacs, EmacsHandler } = await import("@replit/codemirror-emacs");
      // M-x is the way to every command there; here the palette is.
      EmacsHandler.addCommands({ focusCommandLine: () => openPalette() });
      return emacs();
    }
    case "default":
      return [];
  }
}
