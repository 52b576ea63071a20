/** Suggestions on the page: their state, and the request to the server. */

import { signal } from "@preact/signals";
import { at } from "./base";
import type { FileId, Language } from "./link/protocol";
import { codeOf } from "./ui/languages";

/** "failed": the server could not be asked. "large": the text is too long to send. */
export type SuggestionState = "ready" | "thinking" | "failed" | "large";

export const suggestionState = signal<SuggestionState>("ready");
/** The suggestion on the screen: which of how many, counted from 1, and whose; "" for the server's own. */
export interface Shown {
  number: number;
  count: number;
  source: string;
}
/** Null while no suggestion can be accepted. */
export const suggestionShown = signal<Shown | null>(null);

/** A question for what may follow at a position, in code points, of the text of a file of a room. */
export interface Asked {
  room: string;
  file: FileId;
  language: Language;
  text: string;
  position: number;
}

/** The texts that may follow, best first, and who says so. */
export interface Suggested {
  texts: readonly string[];
  source: string;
}

/** Called with the beginning of a text that is still being made. */
export type Begun = (suggested: Suggested) => void;

/** Asks somebody else, where the server itself knows nothing. */
export type Further = (asked: Asked, signal: AbortSignal, begun: Begun) => Promise<Suggested>;

let further: Further | null = null;

/** Have somebody else asked as well. Returns a function that ends it. */
export function alsoAsk(other: Further): () => void {
  further = other;
  return () => {
    if (further === other) further = null;
  };
}

/** Ask the server, and others if it knows nothing; null if nobody can be asked. Throws as `suggest`. */
export function suggestAll(
  asked: Asked,
  signal: AbortSignal,
  begun: Begun,
): Promise<Suggested> | null {
  const code = codeOf(asked.language);
  const first = async (): Promise<Suggested> => {
    const texts = code ? await suggest({ ...asked, language: code }, signal) : [];
    if (texts.length > 0 || !further || signal.aborted) return { texts, source: "" };
    return further(asked, signal, begun);
  };
  return code || further ? first() : null;
}

/** The most UTF-16 units of a text to send each time that somebody stops typing. */
export const LARGEST_TEXT = 200_000;
/** ms to wait for an answer, which is of no use later. */
const PATIENCE = 3000;

/** The texts that may follow, best first. Throws if the server did not answer, or if `signal` is aborted. */
async function suggest(
  { room, file, language, text: code, position: cursorPosition }: Asked,
  signal: AbortSignal,
): Promise<string[]> {
  const answer = await fetch(at("/autocomplete"), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ room, file, code, cursorPosition, language }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
  });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const { suggestion, alternatives = [] } = (await answer.json()) as Answer;
  const texts = [suggestion, ...alternatives.map((other) => other.suggestion)];
  return [...new Set(texts)].filter((text) => text !== "");
}

interface Answer {
  suggestion: string;
  alternatives?: { suggestion: string }[];
}
