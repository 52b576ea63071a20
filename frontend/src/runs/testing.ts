/** The results of tests in the output of a run. */
import { type Part, STREAM, type TestResult } from "./messages";
import type { Output } from "./output";
import { type Mark, pathInRoom, placesIn } from "./places";

/** The number of rows of results that are shown. Those that failed come first. */
export const MOST_SHOWN = 500;
const LONGEST_REASON = 200;

const ORDER = { error: 0, failed: 1, passed: 2, skipped: 3 };
const OUTCOMES: ReadonlySet<unknown> = new Set(Object.keys(ORDER));

const read = new WeakMap<Output, { chunks: number; results: TestResult[] }>();

/** Return the results in an output so far, those that failed first. Each chunk of it is read once. */
export function resultsOf(output: Output): TestResult[] {
  const known = read.get(output) ?? { chunks: 0, results: [] };
  for (const chunk of output.chunks.slice(known.chunks)) known.results.push(...resultsIn(chunk));
  known.chunks = output.chunks.length;
  read.set(output, known);
  return known.results.toSorted((a, b) => ORDER[a.outcome] - ORDER[b.outcome]);
}

/** What is no result is left out. */
function resultsIn(parts: readonly Part[]): TestResult[] {
  return parts.flatMap(([stream, text]) => (stream === STREAM.test && resultOf(text)) || []);
}

/**
 * Return a mark for each test that failed, at the line of its file where it failed, or else where it begins.
 * `has` tells whether a path is one of the room's.
 */
export function failuresIn(results: readonly TestResult[], has: (path: string) => boolean): Mark[] {
  const marks = new Map<string, Mark>();
  for (const { name, outcome, path = "", line = 0, message = "" } of results) {
    const own = pathInRoom(path, has);
    if ((outcome !== "failed" && outcome !== "error") || own === null) continue;
    const lines = message.split("\n");
    const place = lines
      .flatMap(placesIn)
      .find((place) => pathInRoom(place.path, has) === own && place.line > 0);
    const mark = {
      path: own,
      line: place?.line ?? Math.max(1, line),
      column: 1,
      message: `${name}: ${reasonIn(lines)}`,
      inner: true,
    };
    const key = `${mark.path}:${mark.line}`;
    if (!marks.has(key)) marks.set(key, mark);
  }
  return [...marks.values()];
}

/** pytest begins the lines about the error with "E"; Node has the error in the first one. */
export function reasonIn(lines: readonly string[]): string {
  const told = lines.find((line) => /^E\s+\S/.test(line)) ?? lines.find((line) => line.trim());
  return (told ?? "failed").replace(/^E\s+/, "").trim().slice(0, LONGEST_REASON);
}

function resultOf(text: string): TestResult | null {
  try {
    const result = JSON.parse(text);
    return typeof result?.name === "string" && OUTCOMES.has(result.outcome) ? result : null;
  } catch {
    return null;
  }
}

/** "12 ms", "1.24 s" */
export function timeWords(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
