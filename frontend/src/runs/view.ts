/** What the panel shows: the output of a run, the list of runs, the files that a run wrote, or the tests. */
import { signal } from "@preact/signals";

export const view = signal<"output" | "runs" | "written" | "tests">("output");

/** Where the device keeps "yes" if the person wants the tests to run on a pause. */
export const ON_PAUSE = "collab.tests.onPause";
