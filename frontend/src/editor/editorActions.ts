import type { ReadonlySignal } from "@preact/signals";
import { WandSparkles } from "lucide";
import { useActions } from "../actions";
import type { EditorHandle, RoomSession } from "../session";
import { indentOf } from "../ui/indent";
import { commandActions } from "./commands";

/** What a person can do to the text, while there is one. */
export function useEditorActions(
  session: RoomSession,
  editor: ReadonlySignal<EditorHandle | null>,
): void {
  useActions(() => {
    const enabled = () => editor.value !== null;
    return [
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
  }, [session, editor]);
}

function formatFile(session: RoomSession, editor: EditorHandle | null): void {
  const language = session.activeFile.peek()?.language;
  if (!language) return;
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
