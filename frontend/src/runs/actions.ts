/** What a person can do about programs: run the room's, stop it, say how it is run. */
import { FlaskConical, Play, SlidersHorizontal, Square } from "lucide";
import { mayWrite } from "../access/standing";
import type { Action } from "../actions";
import type { RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { showPane } from "../frame/open";
import type { FileInfo } from "../link/protocol";
import { isLive, running } from "./running";
import { view } from "./view";

/** The place of the panel. `feature.ts` has the rest of it. */
export const PANE = { id: "output", place: "bottom" } as const;

const LANGUAGES: readonly string[] = ["python", "javascript", "typescript"];

/** The file that Run runs: the room's entry file, or else the shown one. Reads signals. */
export function fileToRun({ session }: RoomContext): FileInfo | null {
  const entry = session.facts.value.program?.entry;
  return session.files.value.find(({ id }) => id === entry) ?? session.activeFile.value;
}

export function isRunnable(file: FileInfo | null): boolean {
  return file !== null && LANGUAGES.includes(file.language);
}

/** Tell whether the person may run programs here, stop them and answer them. Reads signals. */
export function mayRun({ session }: RoomContext): boolean {
  return session.phase.value === "open" && mayWrite(session.standing.value);
}

/** Tell whether the room's program can be run. Reads signals. */
export function canRun(room: RoomContext): boolean {
  return mayRun(room) && isRunnable(fileToRun(room));
}

/** Run a file as the person sees it: the run waits until the person's own edits are sent. */
export function runFile({ session }: RoomContext, file: FileInfo | null): void {
  if (!file) return;
  session.submit({ kind: "run", file: file.id, options: {} });
  view.value = "output";
  showPane(PANE);
}

/** Run all tests of the room, in the language of the file that Run runs. */
export function runTests(room: RoomContext): void {
  const file = fileToRun(room);
  if (file) room.session.submit({ kind: "run", file: file.id, options: { tests: [] } });
}

export function runActions(room: RoomContext): Action[] {
  const { session } = room;
  return [
    {
      id: "run.file",
      title: () => {
        const file = fileToRun(room);
        return file && file !== session.activeFile.value ? `Run ${file.path}` : "Run this file";
      },
      section: "Run",
      icon: Play,
      words: "execute start program",
      alias: "run",
      keys: ["Mod-Enter"],
      more: 0,
      global: true,
      enabled: () => canRun(room),
      run: () => runFile(room, fileToRun(room)),
    },
    {
      id: "run.shown",
      title: "Run the shown file",
      section: "Run",
      icon: Play,
      words: "execute start program",
      enabled: () =>
        mayRun(room) &&
        isRunnable(session.activeFile.value) &&
        fileToRun(room) !== session.activeFile.value,
      run: () => runFile(room, session.activeFile.peek()),
    },
    {
      id: "run.tests",
      title: "Run the tests",
      section: "Run",
      icon: FlaskConical,
      words: "pytest check",
      enabled: () => canRun(room),
      run: () => {
        runTests(room);
        view.value = "tests";
        showPane(PANE);
      },
    },
    {
      id: "run.stop",
      title: "Stop the program",
      section: "Run",
      icon: Square,
      words: "kill cancel interrupt end",
      enabled: () => mayRun(room) && running.value.size > 0,
      run: () => {
        if (!isLive(room)) return;
        for (const run of running.peek()) session.send({ type: "stop", run });
      },
    },
    {
      id: "run.options",
      title: "How the program is run",
      section: "Run",
      icon: SlidersHorizontal,
      words: "options arguments environment entry stdin input settings",
      enabled: () => mayRun(room),
      run: () => openDialog("run"),
    },
  ];
}
