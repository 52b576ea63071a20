import { effect } from "@preact/signals";
import { CircleAlert } from "lucide";
import type { Feature, RoomContext } from "../feature";
import { loaded } from "../ui/loaded";
import { ProblemsItem } from "./ProblemsItem";
import { PANE } from "./pane";
import { problemsOf } from "./store";
import "./item.css";

/** Errors and warnings of the language servers: under the text, in the status bar, and as a list. */
export const problems: Feature = {
  id: "problems",
  panes: [
    {
      ...PANE,
      title: "Problems",
      icon: CircleAlert,
      section: "View",
      words: "errors warnings diagnostics lint check types",
      badge: (room) => {
        const errors = problemsOf(room).counts.value?.errors ?? 0;
        return errors > 0 ? { count: errors, words: `${errors} wrong` } : null;
      },
      load: async () => (await import("./ProblemsPane")).ProblemsPane,
    },
  ],
  attend: check,
  parts: { file: ProblemsItem },
};

/** Load what checks files once a text is shown, and start it. */
function check(room: RoomContext): () => void {
  let [begun, left] = [false, false];
  let end: (() => void) | null = null;
  const begin = () => {
    if (left) return;
    loaded(
      () => import("./checking"),
      ({ checkFiles }) => {
        if (!left) end = checkFiles(room);
      },
      () => {
        // Without it there are no problems to see; the rest of the page works.
      },
    );
  };
  const stop = effect(() => {
    if (begun || !room.editor.value) return;
    begun = true;
    // Wait until the text is visible.
    setTimeout(begin);
  });
  return () => {
    left = true;
    stop();
    end?.();
  };
}
