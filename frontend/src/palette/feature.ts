import { CornerDownRight, Keyboard, Search } from "lucide";
import type { Feature } from "../feature";
import { openDialog } from "../frame/dialogs";
import { lazyDialog } from "../frame/lazyDialog";
import { CommandField } from "./CommandField";
import { loadPalette, PaletteWindow } from "./PaletteWindow";

/** The palette, which finds every action by a few letters, and the sheet of shortcuts. */
export const palette: Feature = {
  id: "palette",
  dialogs: [
    { id: "palette", Window: PaletteWindow, fetch: loadPalette },
    lazyDialog("shortcuts", async () => (await import("./Shortcuts")).Shortcuts),
  ],
  parts: { middle: CommandField },
  actions: () => [
    {
      id: "go.line",
      title: "Go to line…",
      section: "Go to",
      icon: CornerDownRight,
      words: "number jump",
      alias: "line",
      keys: ["Mod-g"],
      macKeys: ["Ctrl-g"],
      global: true,
      run: () => openDialog("palette", ":"),
    },
    {
      id: "help.palette",
      title: "Search actions",
      section: "Help",
      icon: Search,
      words: "command palette",
      keys: ["Mod-k"],
      global: true,
      run: () => openDialog("palette"),
    },
    {
      id: "help.shortcuts",
      title: "Keyboard shortcuts",
      section: "Help",
      icon: Keyboard,
      words: "keys help",
      keys: ["F1", "?"],
      global: true,
      run: () => openDialog("shortcuts"),
    },
  ],
};
