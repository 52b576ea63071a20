import { expect, test } from "vitest";
import type { KnownTexts, Work } from "../room";
import type { LastTexts } from "./lastTexts";
import { chooseOpening } from "./opening";

const texts = (revision: number, text: string): KnownTexts => ({
  revision,
  name: null,
  files: [{ id: "main", name: "main.py", language: "python", text }],
});
const kept = (revision: number, text: string, caret = 0): LastTexts => ({
  ...texts(revision, text),
  room: "r",
  at: 0,
  whereabouts: { file: "main", anchor: caret, head: caret, top: 0 },
});
const work = (revision: number): Work => ({ revision, seq: 1, inFlight: null, waiting: [] });

test("the texts of the device are gone on from, so that the entries since carry the caret", () => {
  const ours = kept(7, "old", 2);
  expect(chooseOpening(ours, texts(9, "new"), null)).toEqual({
    texts: ours,
    whereabouts: ours.whereabouts,
    unplaced: null,
  });
  expect(chooseOpening(ours, null, null).texts).toBe(ours);
});

test("texts that are far behind give way to newer ones, and the caret keeps its place", () => {
  const fresh = texts(5000, "new start, end");
  const opening = chooseOpening(kept(7, "start, end", 7), fresh, null);
  expect(opening.texts).toBe(fresh);
  expect(opening.whereabouts).toMatchObject({ anchor: 11, head: 11 });
});

test("texts ahead of the server are those of another log", () => {
  const fresh = texts(3, "text");
  expect(chooseOpening(kept(9, "text"), fresh, null).texts).toBe(fresh);
});

test("work is shown on the texts of its revision, and on no others", () => {
  const [ours, fresh] = [kept(7, "old"), texts(9, "new")];
  expect(chooseOpening(ours, fresh, work(7)).texts).toBe(ours);
  expect(chooseOpening(ours, fresh, work(9)).texts).toBe(fresh);
  expect(chooseOpening(ours, fresh, work(8)).texts).toBeNull();
});

test("where no texts have the revision of the work, the last ones and what waits are to be read", () => {
  const [ours, fresh] = [kept(7, "old"), texts(9, "new")];
  const waits: Work = {
    ...work(8),
    waiting: [{ change: ["edit", "main", [3, " more"]], count: 5 }],
  };
  expect(chooseOpening(ours, null, waits).unplaced).toEqual({ texts: ours, waiting: " more" });
  expect(chooseOpening(ours, fresh, waits).unplaced?.texts).toBe(fresh);
  expect(chooseOpening(ours, fresh, { ...waits, revision: 9 }).unplaced).toBeNull();
  expect(chooseOpening(null, null, waits).unplaced).toBeNull();
});
