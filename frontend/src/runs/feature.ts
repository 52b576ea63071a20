import { SquareTerminal } from "lucide";
import type { Feature, RoomContext } from "../feature";
import { lazyDialog } from "../frame/lazyDialog";
import { recall } from "../storage";
import { loaded } from "../ui/loaded";
import { PANE, runActions } from "./actions";
import type { PlayMessage, RunMessage } from "./messages";
import { RunButton } from "./RunButton";
import { noteState } from "./running";
import type { RunStore } from "./store";
import { ON_PAUSE } from "./view";

/** Load what follows runs when the first one begins, or if this person's tests run on a pause. */
function hearRuns(room: RoomContext): () => void {
  let asked = false;
  const load = (then: (store: RunStore) => void) =>
    loaded(
      () => import("./store"),
      ({ runsOf }) => then(runsOf(room)),
      () => {
        asked = false;
      },
    );
  // The store runs the tests when the person pauses.
  if (recall(ON_PAUSE)) load(() => {});
  room.session.hear((message) => {
    if (message.type === "play") playHere(room, message as PlayMessage);
    if (message.type !== "run") return;
    noteState(message as RunMessage & { type: "run" });
    if (asked) return;
    asked = true;
    load((store) => store.hear(message as RunMessage));
  });
  return () => {};
}

/** Run a program in this page, since the server asks for it. If that cannot be loaded, the server gives up. */
function playHere(room: RoomContext, message: PlayMessage): void {
  loaded(
    () => import("./browser/play"),
    ({ play }) => play(room, message),
    () => {},
  );
}

/** Runs the program of the room. Everybody sees its output. */
export const runs: Feature = {
  id: "runs",
  panes: [
    {
      ...PANE,
      title: "Output",
      icon: SquareTerminal,
      section: "Run",
      words: "terminal console stdout program",
      atFoot: true,
      load: async () => (await import("./OutputPane")).OutputPane,
    },
  ],
  dialogs: [lazyDialog("run", async () => (await import("./OptionsDialog")).OptionsDialog)],
  actions: runActions,
  attend: hearRuns,
  parts: { bar: RunButton },
};
