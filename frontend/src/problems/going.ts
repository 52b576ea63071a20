/** Goes from one problem to the next, over all files of the room. */
import { EditorView } from "@codemirror/view";
import type { Action } from "../actions";
import type { RoomContext } from "../feature";
import { hidePane } from "../frame/open";
import { phone } from "../frame/screen";
import { PANE } from "./pane";
import { nextOf, type Place, placesIn } from "./places";
import { problemsOf } from "./store";

export function problemActions(room: RoomContext): Action[] {
  const action = (id: string, title: string, key: string, step: 1 | -1): Action => ({
    id: `problems.${id}`,
    title,
    section: "Go to",
    words: "error warning diagnostics",
    keys: [key],
    global: true,
    run: () => goOn(room, step),
  });
  return [
    action("next", "Next problem", "F8", 1),
    action("previous", "Previous problem", "Shift-F8", -1),
  ];
}

function goOn(room: RoomContext, step: 1 | -1): void {
  const { session, editor } = room;
  const here = editor.peek();
  const files = session.files.peek().map(({ id }) => id);
  const at = here && { file: here.file, ...here.cursor.peek() };
  const next = nextOf(placesIn(files, problemsOf(room).checked.peek()), files, at, step);
  if (next) goTo(room, next);
  else session.say("info", "There are no problems to go to.");
}

/** Put the caret at a problem, and tell it to who does not see it. */
export function goTo({ session, editor }: RoomContext, { file, problem }: Place): void {
  // On a phone the list covers the text that the person wants to see.
  if (phone.matches) hidePane(PANE);
  session.open(file, problem);
  const words = EditorView.announce.of(`${problem.severity}: ${problem.message}`);
  editor.peek()?.run((view) => {
    view.dispatch({ effects: words });
    return true;
  });
}
