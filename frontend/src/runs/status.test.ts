import { expect, test } from "vitest";
import type { RunState } from "./messages";
import { agoWords, outcomeOf, statusOf } from "./status";

const run: RunState = { run: 812, state: "ended", author: "Mina", path: "main.py", ms: 423 };
const what = "Mina ran main.py · revision 812";

test.each([
  [{ reason: "exit", exit: 0 }, "0.42 s · exit 0"],
  [{ reason: "signal", exit: -11 }, "0.42 s · ended by signal 11"],
  [{ reason: "stopped", exit: -2 }, "0.42 s · stopped"],
  [{ reason: "memory", words: "stopped: 512 MiB of memory" }, "stopped: 512 MiB of memory"],
  [{ reason: "lost" }, "0.42 s · lost: its server is gone"],
  [{ state: "running" as const }, "running…"],
  [{ state: "running" as const, waiting: true }, "waiting for input"],
  [{ state: "starting" as const }, "starting…"],
])("%j", (told, words) => {
  expect(statusOf({ ...run, ...told })).toBe(`${what} · ${words}`);
});

test("a run of tests says how many went how", () => {
  const tests = { passed: 3, failed: 1, skipped: 0 };
  const words = statusOf({ ...run, reason: "exit", exit: 1, tests });
  expect(words).toBe("Mina ran the tests · revision 812 · 3 passed, 1 failed · 0.42 s");
});

test.each([
  [{ state: "running" as const }, "active"],
  [{ reason: "exit", exit: 0 }, "good"],
  [{ reason: "exit", exit: 1 }, "bad"],
  [{ reason: "memory", exit: null }, "bad"],
])("%j is %s", (told, outcome) => {
  expect(outcomeOf({ ...run, ...told })).toBe(outcome);
});

test.each([
  [59, "now"],
  [60, "1 min ago"],
  [3600, "1 h ago"],
  [2 * 86_400, "2 d ago"],
])("%d s", (seconds, words) => {
  expect(agoWords(0, seconds * 1000)).toBe(words);
});
