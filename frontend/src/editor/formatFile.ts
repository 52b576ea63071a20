/** The action that formats the shown file. */
import type { EditorHandle, RoomSession } from "../session";
import { codeOf, NO_FORMATTER } from "../ui/languages";
import { format } from "./format";

/** Format the shown file, or tell the person why that is not possible. */
export function formatFile(session: RoomSession, editor: EditorHandle | null): void {
  const file = session.activeFile.peek();
  if (!file) return;
  const { language } = file;
  const ends = session.indents.wanted.peek()(file.path);
  if (!codeOf(language) && !ends.trimTrailingWhitespace && !ends.insertFinalNewline) {
    session.say("info", NO_FORMATTER);
    return;
  }
  editor?.perform((view) => {
    format(view, language, session.indents.of(file), ends).then(
      (problem) => problem && session.say("warn", problem, wayTo(problem, editor)),
      () => session.say("warn", "The formatter could not be loaded. Try again online."),
    );
    return true;
  });
}

/** Return an action that goes to the place named in a formatter's message, as in "Unexpected token (1:7)". */
function wayTo(problem: string, editor: EditorHandle) {
  const [, line, column] = /\((\d+):(\d+)\)/.exec(problem) ?? [];
  if (!line) return undefined;
  const run = () => editor.goToLine(Number(line), Number(column));
  return { label: `Go to line ${line}`, run };
}
