/** Shows a match in its file. */
import { EditorSelection } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { effect } from "@preact/signals";
import type { RoomContext } from "../feature";
import { hidePane } from "../frame/open";
import { phone } from "../frame/screen";
import type { FileId } from "../link/protocol";
import type { Match } from "./api";
import { PANE } from "./pane";
import { placeOf } from "./place";

let stop: (() => void) | null = null;

/** Open the file of a match, and select the match once the file is shown. */
export function showMatch(room: RoomContext, file: FileId, match: Match): void {
  const { session, editor } = room;
  if (!session.files.peek().some(({ id }) => id === file)) {
    session.say("warn", "That file is not in the room any more.");
    return;
  }
  // On a phone the list covers the text that the person wants to see.
  if (phone.matches) hidePane(PANE);
  session.open(file, match);
  stop?.();
  stop = null;
  let done = false;
  const end = effect(() => {
    const shown = editor.value;
    if (done || shown?.file !== file) return;
    done = true;
    shown.perform((view) => {
      const { from, to } = placeOf(view.state, match);
      view.dispatch({
        selection: EditorSelection.range(from, to),
        effects: EditorView.scrollIntoView(from, { y: "center" }),
      });
      return true;
    });
  });
  if (done) end();
  else stop = end;
}
