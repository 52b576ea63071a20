import { WandSparkles } from "lucide";
import type { Feature } from "../feature";
import type { EditorHandle, RoomSession } from "../session";
import { indentOf } from "../ui/indent";
import { isKnown, NO_FORMATTER } from "../ui/languages";
import { commandActions } from "./commands";
import { EditorCard } from "./EditorCard";
import { fileActions } from "./fileActions";
import { TouchKeys } from "./TouchKeys";
import "./card.css";

/** The file and its text: what a person can do to them. */
export const editor: Feature = {
  id: "editor",
  parts: { main: EditorCard, page: TouchKeys },
  actions: ({ session, editor }) => {
    const enabled = () => editor.value !== null;
    return [
      ...fileActions(session),
      ...commandActions((command) => editor.peek()?.perform(command), enabled),
      {
        id: "edit.format",
        title: "Format the file",
        section: "Edit",
        icon: WandSparkles,
        words: "prettier tidy trim whitespace beautify",
        keys: ["Alt-Shift-f"],
        global: true,
        enabled,
        run: () => formatFile(session, editor.peek()),
      },
    ];
  },
};

function formatFile(session: RoomSession, editor: EditorHandle | null): void {
  const language = session.activeFile.peek()?.language;
  if (!language) return;
  if (!isKnown(language)) {
    session.say("info", NO_FORMATTER);
    return;
  }
  editor?.perform((view) => {
    import("./format")
      .then(({ format }) => format(view, language, indentOf(language)))
      .then(
        (problem) => problem && session.say("warn", problem, wayTo(problem, editor)),
        () => session.say("warn", "The formatter could not be loaded. Try again online."),
      );
    return true;
  });
}

/** A way to the place that a formatter's words name, as in "Unexpected token (1:7)". */
function wayTo(problem: string, editor: EditorHandle) {
  const [, line, column] = /\((\d+):(\d+)\)/.exec(problem) ?? [];
  if (!line) return undefined;
  const run = () => editor.goToLine(Number(line), Number(column));
  return { label: `Go to line ${line}`, run };
}
