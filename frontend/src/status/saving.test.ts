import { effect, signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CALM, PATIENCE, savingWord } from "./saving";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const unsaved = signal(0);
  const saving = savingWord(unsaved);
  const said: string[] = [];
  effect(() => {
    const word = saving.word.value;
    if (word === "saved") expect(unsaved.peek()).toBe(0);
    said.push(word);
  });
  return { unsaved, said, word: saving.word, stop: saving.stop };
}

test("fifty keys that are each saved at once change the word twice", () => {
  const { unsaved, said } = watched();
  for (let key = 0; key < 50; key++) {
    unsaved.value = 1;
    vi.advanceTimersByTime(12);
    unsaved.value = 0;
    vi.advanceTimersByTime(120);
  }
  vi.advanceTimersByTime(CALM);
  expect(said).toEqual(["saved", "editing", "saved"]);
});

test("saving is said of what is not saved for 400 ms, and not before", () => {
  const { unsaved, word } = watched();
  unsaved.value = 1;
  vi.advanceTimersByTime(200);
  unsaved.value = 2;
  vi.advanceTimersByTime(PATIENCE - 201);
  expect(word.value).toBe("editing");
  vi.advanceTimersByTime(1);
  expect(word.value).toBe("saving");
});

test("saved is never said while something is not, whatever the timers had in mind", () => {
  const { unsaved, word } = watched();
  unsaved.value = 1;
  unsaved.value = 0;
  vi.advanceTimersByTime(CALM - 1);
  unsaved.value = 1;
  vi.advanceTimersByTime(2);
  expect(word.value).toBe("editing");
});

test("once stopped it says nothing more", () => {
  const { unsaved, said, stop } = watched();
  unsaved.value = 1;
  stop();
  vi.advanceTimersByTime(10 * PATIENCE);
  expect(said).toEqual(["saved", "editing"]);
});
