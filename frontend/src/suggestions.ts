/** Suggestions on the page: their state, and the request to the server. */

import { signal } from "@preact/signals";
import { at } from "./base";
import type { Language } from "./link/protocol";

/** "failed": the server could not be asked. "large": the text is too long to send. */
export type SuggestionState = "ready" | "thinking" | "failed" | "large";

export const suggestionState = signal<SuggestionState>("ready");
/** Whether a suggestion is on the screen and can be accepted. */
export const suggestionShown = signal(false);

/** The most UTF-16 units of a text to send each time that somebody stops typing. */
export const LARGEST_TEXT = 200_000;
/** ms to wait for an answer, which is of no use later. */
const PATIENCE = 3000;

/**
 * The texts that may follow at a position (in code points), best first. Throws if the server did not answer,
 * or if `signal` is aborted.
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
