/** Asks the server for the names that may stand at a place of a file. */
import { Facet } from "@codemirror/state";
import { at } from "../base";

export interface Known {
  name: string;
  kind: string;
  detail: string;
}

/** Asks about a position (in code points) of a text. Rejects when the server does not answer. */
export interface Knowing {
  /** The names that may stand there, likeliest first; null if no server knows them. */
  names(text: string, position: number): Promise<readonly Known[] | null>;
  about(
    text: string,
    position: number,
    name: string,
  ): Promise<{ detail: string; documentation: string }>;
}

/** Holds whom an editor asks for names. */
export const knowing = Facet.define<Knowing, Knowing | null>({ combine: ([who]) => who ?? null });

/** ms to wait for an answer, which is of no use later. */
const PATIENCE = 4000;

export function knowingOf(room: string, file: string): Knowing {
  const place = (code: string, cursorPosition: number) => ({ file, code, cursorPosition });
  return {
    names: async (text, position) =>
      (await ask<{ names: Known[] | null }>(room, "names", place(text, position))).names,
    about: (text, position, name) => ask(room, "documentation", { ...place(text, position), name }),
  };
}

async function ask<T>(room: string, what: string, body: unknown): Promise<T> {
  const answer = await fetch(at(`/rooms/${room}/code/${what}`), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return (await answer.json()) as T;
}
