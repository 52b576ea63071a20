/** What a person asked to be told, for screen readers; `Announcer` says it. */
import { type ReadonlySignal, signal } from "@preact/signals";

const last = signal({ words: "", times: 0 });
/** Counted, so that the same words are said again. */
export const spoken: ReadonlySignal<{ words: string; times: number }> = last;

export function say(words: string): void {
  last.value = { words, times: last.peek().times + 1 };
}
