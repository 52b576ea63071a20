/** How a person's own changes stand, told calmly: a key typed does not make the word flicker. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";

/** "editing" is what is neither saved nor late to be: changes that have only just been made. */
export type Saving = "saved" | "editing" | "saving";

/** ms without "saved" before "saving" is said: a change is usually saved sooner. */
export const PATIENCE = 400;
/** ms for which all is saved before that is said again: somebody who types goes on typing. */
export const CALM = 300;

export interface SavingWord {
  word: ReadonlySignal<Saving>;
  stop(): void;
}

/** Follows the number of unsaved changes. The word is "saved" only while that is 0. */
export function savingWord(unsaved: ReadonlySignal<number>): SavingWord {
  const word = signal<Saving>(unsaved.peek() > 0 ? "editing" : "saved");
  let late: ReturnType<typeof setTimeout> | undefined;
  let calm: ReturnType<typeof setTimeout> | undefined;
  const forget = () => {
    clearTimeout(late);
    late = undefined;
  };
  const stop = effect(() => {
    const waits = unsaved.value > 0;
    clearTimeout(calm);
    if (waits) {
      if (word.peek() === "saved") word.value = "editing";
      late ??= setTimeout(() => {
        word.value = "saving";
      }, PATIENCE);
      return;
    }
    forget();
    if (word.peek() === "saved") return;
    calm = setTimeout(() => {
      word.value = "saved";
    }, CALM);
  });
  return {
    word,
    stop() {
      stop();
      forget();
      clearTimeout(calm);
    },
  };
}
