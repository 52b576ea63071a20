/** The search's requests to the server. */
import { at } from "../base";
import { linesOf } from "../lines";
import type { Asker } from "../people/asker";

/**
 * A match in a file, in code points; `line` and `column` count from 1. In `excerpt` the match begins at
 * `marked`.
 */
export interface Match {
  start: number;
  end: number;
  line: number;
  column: number;
  excerpt: string;
  marked: number;
  marked_end: number;
  replacement: string | null;
}

export interface Query {
  query: string;
  case: boolean;
  words: boolean;
  regex: boolean;
  include: readonly string[];
  exclude: readonly string[];
}

export type Line =
  | { type: "begin"; revision: number; files: number; assets: number }
  | { type: "file"; id: string; path: string; matches: readonly Match[] }
  | { type: "end"; matches: number; files: number; stopped: string | null; words: string | null };

export interface Replaced {
  revision: number;
  matches: number;
  files: readonly unknown[];
}

/** By file id, the starts of the matches to replace. */
export type Starts = Record<string, readonly number[]>;

const UNREACHABLE = "The server does not answer. Try again when you are online.";

/** Search the room and yield the results. Throws an Error with a message for people. */
export async function* search(
  room: string,
  query: Query & { replacement?: string },
  signal: AbortSignal,
): AsyncGenerator<Line> {
  const answer = await ask(`/rooms/${room}/search`, query, { signal });
  if (!answer.body) throw new Error(UNREACHABLE);
  yield* linesOf<Line>(answer.body);
}

export async function replace(
  room: string,
  body: Query & { replacement: string; revision: number; matches?: Starts },
  asker: Asker,
): Promise<Replaced> {
  return (await ask(`/rooms/${room}/replace`, body, { asker })).json();
}

export async function undo(room: string, revision: number, asker: Asker): Promise<void> {
  await ask(`/rooms/${room}/replace/undo`, { revision }, { asker });
}

async function ask(
  path: string,
  body: unknown,
  { asker, signal }: { asker?: Asker; signal?: AbortSignal },
): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(at(path), {
      method: "POST",
      headers: { "Content-Type": "application/json", ...asker },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error(UNREACHABLE);
  }
  if (!answer.ok) throw new Error(await wordsOf(answer));
  return answer;
}

/** Return the server's words for a request that it refuses. */
async function wordsOf(answer: Response): Promise<string> {
  const other = `Something went wrong on the server (${answer.status}). Try again in a moment.`;
  if (answer.status >= 500) return answer.status === 503 ? UNREACHABLE : other;
  try {
    const { detail, extra } = (await answer.json()) as { detail?: string; extra?: unknown };
    const first: unknown = Array.isArray(extra) ? extra[0]?.message : detail;
    return typeof first === "string" ? first : other;
  } catch {
    return other;
  }
}
