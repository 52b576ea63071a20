/** Suggestions as the page knows them: what they are at, and how the server is asked. */

import { signal } from "@preact/signals";
import { at } from "./base";
import type { Language } from "./link/protocol";

/** "failed": the server could not be asked. "large": the text is more than may be sent. */
export type SuggestionState = "ready" | "thinking" | "failed" | "large";

export const suggestionState = signal<SuggestionState>("ready");
/** Whether one is on the screen, to be accepted. */
export const suggestionShown = signal(false);

/** UTF-16 units of a text that are sent at most, each time that somebody stops typing. */
export const LARGEST_TEXT = 200_000;
/** ms to wait for an answer; later it is of no use. */
const PATIENCE = 3000;

/**
 * What may follow at a position (code points), best first. Throws when the server did not say, and
 * when `signal` is aborted.
 */
export async function suggest(
  code: string,
  position: number,
  language: Language,
  signal: AbortSignal,
): Promise<string[]> {
  const answer = await fetch(at("/autocomplete"), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code, cursorPosition: position, language }),
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
