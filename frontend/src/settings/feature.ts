import { signal } from "@preact/signals";
import { Settings } from "lucide";
import type { Action } from "../actions";
import type { Feature } from "../feature";
import { openDialog } from "../frame/dialogs";
import { lazyDialog } from "../frame/lazyDialog";
import { ThemeToggle } from "../ui/ThemeToggle";
import { ThemeItem } from "./ThemeItem";

/** An action for each option: there soon after the room is. */
const options = signal<readonly Action[]>([]);

async function addOptions(): Promise<void> {
  try {
    options.value = (await import("./choices")).settingActions();
  } catch {
    // Without a network now: the dialog has them all.
  }
}

/** The settings: a dialog, and every option as an action. */
export const settings: Feature = {
  id: "settings",
  dialogs: [lazyDialog("settings", async () => (await import("./Settings")).Settings)],
  actions: () => [
    {
      id: "view.settings",
      title: "Settings…",
      section: "View",
      icon: Settings,
      words: "preferences options",
      keys: ["Mod-,"],
      global: true,
      more: 6,
      run: () => openDialog("settings"),
    },
    ...options.value,
  ],
  attend: () => {
    void addOptions();
    return () => {};
  },
  parts: { rail: ThemeToggle, menu: ThemeItem },
};
