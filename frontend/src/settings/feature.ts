import { Settings } from "lucide";
import type { Feature } from "../feature";
import { openDialog } from "../frame/dialogs";
import { lazyDialog } from "../frame/lazyDialog";
import { ThemeToggle } from "../ui/ThemeToggle";
import { settingActions } from "./choices";
import { TabWidth } from "./TabWidth";
import { ThemeItem } from "./ThemeItem";

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
    ...settingActions(),
  ],
  parts: { rail: ThemeToggle, menu: ThemeItem, file: TabWidth },
};
