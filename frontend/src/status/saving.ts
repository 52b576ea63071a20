/** Tells whether a person's changes are saved, without flickering at each key. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";

/** "editing": there are changes that are too new to be saved. */
export type Saving = "saved" | "editing" | "saving";

/** ms without "saved" before the word is "saving". A change is usually saved sooner. */
export const PATIENCE = 400;
/** ms for which all must be saved before the word is "saved" again, since people mostly go on typing. */
export const CALM = 300;

export interface SavingWord {
  word: ReadonlySignal<Saving>;
  stop(): void;
}

/** A word that follows the number of unsaved changes. It is "saved" only while that number is 0. */
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
