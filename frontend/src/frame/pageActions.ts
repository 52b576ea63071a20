/** The ways to everything else: the palette, the sheet of shortcuts, a line, and what Ctrl+S is for. */
import { CornerDownRight, Keyboard, Save, Search, Settings } from "lucide";
import { useActions } from "../actions";
import type { RoomSession } from "../session";
import { settingActions } from "../settings/choices";
import { statusWords } from "../status/status";
import { openPalette, openSettings, openShortcuts } from "./overlays";

export function usePageActions(session: RoomSession): void {
  useActions(
    () => [
      {
        id: "file.save",
        title: "Save",
        section: "File",
        icon: Save,
        words: "saved automatically",
        keys: ["Mod-s"],
        global: true,
        run: () => session.say("info", savedWords(session)),
      },
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
        run: () => openPalette(":"),
      },
      {
        id: "view.settings",
        title: "Settings…",
        section: "View",
        icon: Settings,
        words: "preferences options",
        keys: ["Mod-,"],
        global: true,
        run: openSettings,
      },
      ...settingActions(),
      {
        id: "help.palette",
        title: "Search actions",
        section: "Help",
        icon: Search,
        words: "command palette",
        keys: ["Mod-k"],
        global: true,
        run: () => openPalette(),
      },
      {
        id: "help.shortcuts",
        title: "Keyboard shortcuts",
        section: "Help",
        icon: Keyboard,
        words: "keys help",
        keys: ["F1", "?"],
        global: true,
        run: openShortcuts,
      },
    ],
    [session],
  );
}

/** Nothing has to be done to save, so the answer to Ctrl+S is how things stand. */
function savedWords(session: RoomSession): string {
  const { link, unsaved, kept, phase } = session;
  const pending = { unsaved: unsaved.peek(), kept: kept.peek() };
  const { text } = statusWords(link.peek(), pending, phase.peek(), Date.now());
  if (text === "Saved") return "Saved. Every change is saved by itself.";
  return `${text}${/[.…]$/.test(text) ? "" : "."} Changes are saved by themselves as soon as that is possible.`;
}
