import type { Command } from "@codemirror/view";
import { WandSparkles } from "lucide";
import type { Feature } from "../feature";
import { lazyDialog } from "../frame/lazyDialog";
import { uncoverEditor } from "../frame/open";
import { commandActions } from "./commands";
import { EditorCard } from "./EditorCard";
import { fileActions } from "./fileActions";
import { TouchKeys } from "./TouchKeys";
import "./card.css";
import { loaded } from "../ui/loaded";

/** Offers the actions on the shown file and its text. */
export const editor: Feature = {
  id: "editor",
  dialogs: [lazyDialog("language", async () => (await import("./LanguagePicker")).LanguagePicker)],
  parts: { main: EditorCard, page: TouchKeys },
  actions: ({ session, editor }) => {
    const enabled = () => editor.value !== null;
    // A person who runs a command on the text wants to see the text.
    const perform = (command: Command) => {
      const act = () => editor.peek()?.perform(command);
      if (uncoverEditor()) requestAnimationFrame(act);
      else act();
    };
    return [
      ...fileActions(session),
      ...commandActions(perform, enabled),
      {
        id: "edit.format",
        title: "Format the file",
        section: "Edit",
        icon: WandSparkles,
        words: "prettier tidy trim whitespace beautify",
        keys: ["Alt-Shift-f"],
        global: true,
        enabled,
        run: () => {
          loaded(
            () => import("./formatFile"),
            ({ formatFile }) => formatFile(session, editor.peek()),
            () => session.say("warn", "The formatter could not be loaded. Try again online."),
          );
        },
      },
    ];
  },
};
