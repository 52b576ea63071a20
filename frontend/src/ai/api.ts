/** The requests about AI. */
import { at } from "../base";
import { linesOf } from "../lines";

export interface AiModel {
  host: string;
  model: string;
}

/** Tells whether a model can be asked; `words` say what is sent to whom, or why none can be asked. */
export interface AiState {
  on: boolean;
  words: string;
  chat: AiModel | null;
  complete: AiModel | null;
  /** Tells whether the room allows it. */
  room: boolean;
  /** The choice of the person here. */
  choice: "unasked" | "agreed" | "off";
}

/** The lines of a file that the model was shown, counted from 1. */
export interface Source {
  file: string;
  path: string;
  first: number;
  last: number;
}

/** A part of a file at a revision, in code points. */
export interface Place {
  file: string;
  revision: number;
  start: number;
  end: number;
}

export interface Turn {
  role: "user" | "assistant";
  text: string;
}

export interface Question {
  question: string;
  place?: Place;
  file?: string;
  output?: string;
  earlier?: readonly Turn[];
}

export type Line =
  | { type: "begin"; model: string; sources: readonly Source[]; text: string }
  | { type: "text"; text: string }
  | { type: "end"; text: string }
  | { type: "failed"; code: string; words: string };

const UNREACHABLE = "The server does not answer. Try again when you are online.";

/** An error with words for people, and the server's code for it. */
export class AiError extends Error {
  readonly code: string;

  constructor(code: string, words: string) {
    super(words);
    this.code = code;
  }
}

export async function readState(room: string): Promise<AiState> {
  return (await ask("GET", `/rooms/${room}/ai`)).json();
}

export async function agree(agreed: boolean): Promise<void> {
  await ask("PUT", "/me/ai", { agreed });
}

export async function allow(room: string, allowed: boolean): Promise<AiState> {
  return (await ask("PATCH", `/rooms/${room}/ai`, { room: allowed })).json();
}

/** Yield the texts of an answer as they come. `begin` and `end` are called with those lines. */
export async function* answer(
  path: string,
  body: unknown,
  signal: AbortSignal,
  on: { begin?(line: Line & { type: "begin" }): void; end?(text: string): void } = {},
): AsyncGenerator<string> {
  const { body: stream } = await ask("POST", path, body, signal);
  if (!stream) throw new AiError("", UNREACHABLE);
  let whole = false;
  for await (const line of linesOf<Line>(stream)) {
    if (line.type === "begin") on.begin?.(line);
    else if (line.type === "text") yield line.text;
    else if (line.type === "failed") throw new AiError(line.code, line.words);
    else {
      whole = true;
      on.end?.(line.text);
    }
  }
  if (!whole) throw new AiError("", UNREACHABLE);
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(at(path), {
      method,
      ...(body !== undefined && {
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new AiError("", UNREACHABLE);
  }
  if (answer.ok) return answer;
  const { detail, extra } = (await answer.json().catch(() => ({}))) as {
    detail?: unknown;
    extra?: { code?: string };
  };
  throw new AiError(extra?.code ?? "", typeof detail === "string" ? detail : UNREACHABLE);
}
