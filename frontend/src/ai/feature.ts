import { Bot, PenLine } from "lucide";
import { mayWrite } from "../access/standing";
import type { Action } from "../actions";
import type { Feature, RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { lazyDialog } from "../frame/lazyDialog";
import { alsoAsk } from "../suggestions";
import { loaded } from "../ui/loaded";
import { openAsk, PANE } from "./asking";

const EDIT = "ai.edit";

/** Asking a model, and edits that it proposes. All but the actions is loaded when it is wanted. */
export const ai: Feature = {
  id: "ai",
  panes: [
    {
      ...PANE,
      title: "Ask",
      icon: Bot,
      section: "Edit",
      words: "ai model question explain assistant",
      load: async () => (await import("./AskPane")).AskPane,
    },
  ],
  dialogs: [lazyDialog(EDIT, async () => (await import("./EditDialog")).EditDialog)],
  actions: aiActions,
  attend: (room) =>
    alsoAsk(
      (asked, signal, begun) =>
        new Promise((resolve, reject) =>
          loaded(
            () => import("./complete"),
            ({ complete }) => complete(room, asked, signal, begun).then(resolve, reject),
            () => resolve({ texts: [], source: "" }),
          ),
        ),
    ),
};

function aiActions(room: RoomContext): Action[] {
  const { session } = room;
  return [
    {
      id: "ai.ask",
      title: "Ask AI about the selection",
      section: "Edit",
      icon: Bot,
      words: "explain model question",
      keys: ["Mod-Alt-a"],
      global: true,
      enabled: () => room.editor.value !== null,
      run: () => openAsk(room.editor.peek()?.selected() ? "selection" : "file"),
    },
    {
      id: EDIT,
      title: "Edit with AI",
      section: "Edit",
      icon: PenLine,
      words: "model rewrite change refactor",
      keys: ["Mod-Alt-e"],
      more: 4,
      global: true,
      enabled: () => room.editor.value !== null && mayWrite(session.standing.value),
      run: () => openDialog(EDIT),
    },
  ];
}
