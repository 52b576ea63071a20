/** The messages about a program between the page, its frame and the workers in the frame. */

export interface Order {
  path: string;
  args: string[];
  env: Record<string, string>;
  files: { path: string; body: string | Uint8Array<ArrayBuffer> }[];
  /** Run pytest with these arguments in place of the program. */
  tests?: string[] | null;
  limits: { memory: number; cpu: number; output: number; written: number; written_files: number };
}

/** The name of the archive with pytest, which the server makes of its own. */
export const PYTEST = "pytest.zip";

/** From the page to the frame: the texts of the two workers, the order, and files that the program's worker needs. */
export interface Start {
  relay: string;
  program: string;
  order: Order;
  brought: Record<string, ArrayBuffer>;
}

/** From the page, also on to the program's worker: more input, the end of it, or that the program has to end. */
export interface Asked {
  input?: string;
  end?: boolean;
  stop?: boolean;
  /** From the relay: the worker says it back as soon as the program is not busy. */
  beat?: true;
}

/** What is printed: 1 is stdout, 2 stderr, and 3 are results of tests, each a line of JSON. */
export type Stream = 1 | 2 | 3;

export interface End {
  reason: "exit" | "stopped" | "memory" | "cpu" | "output" | "failed" | "lost";
  exit?: number;
  /** Why it failed, if it did not begin. */
  words?: string;
}

/** From the program's worker. It may say anything, since the program can make it do so. */
export type Said =
  | { out: [stream: Stream, text: string] }
  | { began: true }
  | { beat: true }
  | { waiting: boolean }
  | { wrote: [path: string, body: Uint8Array<ArrayBuffer>] }
  | { ended: End };

/** From the relay to the page. */
export interface Told {
  parts: [stream: Stream, text: string][];
  files: [path: string, body: Uint8Array<ArrayBuffer>][];
  waiting?: boolean;
  ended?: End;
}
