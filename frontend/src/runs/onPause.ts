/** Runs the tests whenever the person here pauses after typing, if they have switched that on. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import { recall, remember } from "../storage";
import { canRun, runTests } from "./actions";
import type { RunState } from "./messages";
import { ON_PAUSE } from "./view";

/** The time in ms without typing that counts as a pause. */
const PAUSE = 1500;

/** Tells whether the tests run on a pause. Kept on this device. */
export const onPause = signal(recall(ON_PAUSE) === "yes");

export function setOnPause(on: boolean): void {
  onPause.value = on;
  remember(ON_PAUSE, on ? "yes" : null);
}

/** Watch the person here for as long as the room is shown. */
export function runOnPauses(room: RoomContext, runs: ReadonlySignal<readonly RunState[]>): void {
  const { session, editor } = room;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let before: unknown = null;
  const run = () => {
    // One run of tests at a time. What was typed meanwhile is tested after it.
    if (runs.peek().some(({ state, tests }) => tests && state !== "ended")) {
      timer = setTimeout(run, PAUSE);
    } else if (canRun(room)) runTests(room);
  };
  effect(() => {
    const changes = editor.value?.changes.value;
    const seen = `${editor.value?.file} ${changes}`;
    const typed = before !== null && seen !== before && session.unsaved.peek() > 0;
    const isSameFile = `${before}`.startsWith(`${editor.value?.file} `);
    before = seen;
    if (!onPause.value) clearTimeout(timer);
    else if (typed && isSameFile) {
      clearTimeout(timer);
      timer = setTimeout(run, PAUSE);
    }
  });
}
