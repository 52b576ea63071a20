/** Words for screen readers that a person asked for. `Announcer` says them. */
import { type ReadonlySignal, signal } from "@preact/signals";

const last = signal({ words: "", times: 0 });
/** The count makes a screen reader say the same words again. */
export const spoken: ReadonlySignal<{ words: string; times: number }> = last;

export function say(words: string): void {
  last.value = { words, times: last.peek().times + 1 };
}
