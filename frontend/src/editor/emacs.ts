/** The Emacs keymap, with what is amiss in it mended. */
import { EmacsHandler, emacs } from "@replit/codemirror-emacs";
import { PRINTED } from "../keys";
import { openPalette } from "../overlays";

export { emacs };

// It binds M-; and M-> by what is printed on their keys, and asks for them as "Semicolon" and "Period".
const { getKey } = EmacsHandler;
EmacsHandler.getKey = (event: KeyboardEvent) => {
  const [key = "", ...others] = getKey(event);
  return [PRINTED[key] ?? key, ...others];
};

// M-x is the way to every command there; here the palette is.
EmacsHandler.addCommands({ focusCommandLine: () => openPalette() });
