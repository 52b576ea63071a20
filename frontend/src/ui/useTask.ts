import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

export interface Task {
  busy: boolean;
  /** What went wrong the last time, in words for people. */
  problem: string | null;
  /** Runs `work` unless some is under way; an error it throws becomes the problem. */
  run(work: () => Promise<Outcome>): Promise<void>;
}

/** Whether the work ends with the page left for another. */
type Outcome = "stays" | "leaves";

/**
 * Work that a person waits for, one at a time. When it leaves the page it stays busy until the page is gone,
 * or is shown again out of the browser's back-forward cache.
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
