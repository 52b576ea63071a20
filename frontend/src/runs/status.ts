/** Describes runs in words. */
import type { RunState, Tally } from "./messages";

/** "NAME ran main.py · revision 812 · 0.42 s · exit 0" */
export function statusOf(run: RunState): string {
  return [titleOf(run), `revision ${run.run}`, ...endingOf(run)].join(" · ");
}

export function titleOf({ author, path, tests }: RunState): string {
  return tests ? `${author} ran the tests` : `${author} ran ${path || "the program"}`;
}

/** "3 passed, 1 failed, 1 skipped" */
export function tallyWords({ passed, failed, skipped }: Tally): string {
  const words = [`${passed} passed`];
  if (failed > 0) words.push(`${failed} failed`);
  if (skipped > 0) words.push(`${skipped} skipped`);
  return words.join(", ");
}

/** How a run goes or how it ended. */
export function endingOf(run: RunState): string[] {
  const { state, exit, reason, words, ms = 0 } = run;
  if (state === "starting") return ["starting…"];
  if (state === "running") return [run.waiting ? "waiting for input" : "running…"];
  if (words) return [words];
  const took = `${(ms / 1000).toFixed(2)} s`;
  if (run.tests && reason === "exit") return [tallyWords(run.tests), took];
  if (reason === "exit") return [took, `exit ${exit}`];
  if (reason === "signal") return [took, `ended by signal ${-(exit ?? 0)}`];
  return [took, reason === "lost" ? "lost: its server is gone" : (reason ?? "")];
}

export type Outcome = "active" | "good" | "bad";

export function outcomeOf({ state, reason, exit }: RunState): Outcome {
  if (state !== "ended") return "active";
  return reason === "exit" && exit === 0 ? "good" : "bad";
}

/** "now", "5 min ago", "3 h ago", "2 d ago" */
export function agoWords(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 60 / 24)} d ago`;
}
