/** The Emacs keymap, with what is amiss in it mended. */
import { closeSearchPanel } from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { EmacsHandler, emacs as keys } from "@replit/codemirror-emacs";
import { PRINTED } from "../keys";
import { openPalette } from "../overlays";

export function emacs(): Extension {
  // It listens in the text alone: in the fields of the search C-g would be the page's "Go to line".
  const quit = { key: "Ctrl-g", scope: "search-panel", run: closeSearchPanel };
  return [keys(), keymap.of([quit])];
}

// It binds M-; and M-> by what is printed on their keys, and asks for them as "Semicolon" and "Period".
const { getKey } = EmacsHandler;
EmacsHandler.getKey = (event: KeyboardEvent) => {
  const [key = "", ...others] = getKey(event);
  return [PRINTED[key] ?? key, ...others];
};

// M-x is the way to every command there; here the palette is.
EmacsHandler.addCommands({ focusCommandLine: () => openPalette() });
