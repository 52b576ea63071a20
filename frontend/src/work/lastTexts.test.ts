import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import { type LastTexts, TextShelf } from "./lastTexts";

const texts: LastTexts = {
  room: "r",
  at: 1,
  whereabouts: null,
  revision: 3,
  name: null,
  files: [],
};

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("what was kept is given back", async () => {
  const shelf = new TextShelf();
  await shelf.get("r"); // now the storage is open
  shelf.put(texts);
  expect(await new TextShelf().get("r")).toEqual(texts);
});

test("a storage that never answers keeps no room from opening", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("indexedDB", { open: () => ({}) });
  const answer = new TextShelf().get("r");
  await vi.advanceTimersByTimeAsync(2000);
  expect(await answer).toBeNull();
});
