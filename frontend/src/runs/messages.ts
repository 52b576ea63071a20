/** The messages about runs, as PROTOCOL.md defines them. */
declare module "../link/protocol" {
  interface FeatureMessages {
    input: { run: number; seq: number; text?: string; end?: boolean };
    stop: { run: number };
    played: {
      run: number;
      n: number;
      parts?: [stream: number, text: string][];
      files?: [path: string, size: number, piece: string][];
      waiting?: boolean;
      ended?: { reason: string; exit?: number; words?: string };
    };
  }
}

/** The state of a run. */
export interface RunState {
  run: number;
  state: "starting" | "running" | "ended";
  author: string;
  path: string;
  waiting?: boolean;
  exit?: number | null;
  reason?: string | null;
  words?: string | null;
  ms?: number;
  /** Its output is not kept any more. */
  dropped?: boolean;
  /** The revision of its files, if that is not its own. */
  at?: number;
  /** The id of the file, and its arguments if they were not the room's. */
  file?: string | null;
  args?: string[] | null;
  /** How many tests went how, if it runs tests. The numbers come with its end. */
  tests?: Tally | null;
  /** The number of files that it wrote. */
  files?: number;
  /** When it began, in ms since 1970, if that is known. */
  started_at?: number;
}

/** The revision of the files that a run runs. */
export function revisionOf({ run, at }: RunState): number {
  return at || run;
}

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** How a test went. */
export interface TestResult {
  name: string;
  /** "error": a file of tests that cannot be loaded. */
  outcome: "passed" | "failed" | "skipped" | "error";
  path?: string;
  /** Counted from 1. */
  line?: number;
  ms?: number;
  message?: string;
}

/** The streams of output. */
export const STREAM = { typed: 0, stdout: 1, stderr: 2, picture: 3, test: 4 } as const;

/**
 * A stream and a text: a line that somebody typed, with their name; printed output; the path of a picture, with
 * its type; a result of a test as JSON.
 */
export type Part = readonly [stream: number, text: string, more?: string];

export type RunMessage =
  | (RunState & { type: "run" })
  | { type: "out"; run: number; n: number; parts: Part[] };

/** This page is to run a program: see `browser/play.ts`. */
export interface PlayMessage {
  type: "play";
  run: number;
  n?: number;
  /** All the input so far, if there is more than before. */
  input?: string;
  end?: boolean;
  stop?: boolean;
}
