import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

export interface Task {
  busy: boolean;
  /** The error of the last run, in words for people. */
  problem: string | null;
  /** Run `work` unless another run is under way. An error that `work` throws becomes `problem`. */
  run(work: () => Promise<Outcome>): Promise<void>;
}

/** Tells whether the person stays on this page after the work, or the work leads to another page. */
type Outcome = "stays" | "leaves";

/**
 * Run work that the person waits for, one piece at a time. Work that leaves the page keeps the task
 * busy until the page is gone, or until the browser shows the page again from its back-forward cache.
 */
export function useTask(): Task {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);

  useEffect(() => {
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) busy.value = false;
    };
    addEventListener("pageshow", shown);
    return () => removeEventListener("pageshow", shown);
  }, []);

  const run = async (work: () => Promise<Outcome>) => {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      busy.value = (await work()) === "leaves";
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
      busy.value = false;
    }
  };
  return { busy: busy.value, problem: problem.value, run };
}
