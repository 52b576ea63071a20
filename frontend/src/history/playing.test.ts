import { describe, expect, test } from "vitest";
import type { PastEntry } from "./api";
import { burstEnds, fileOf, nearest, played } from "./playing";

const entry = (revision: number, author: string, at: number, file = "main"): PastEntry => ({
  revision,
  author,
  at,
  change: ["edit", file, []],
});

describe("the arrow keys go from burst to burst", () => {
  const entries = [
    entry(1, "ann", 0),
    entry(2, "ann", 100),
    entry(3, "bo", 200),
    entry(4, "bo", 300, "other"),
    entry(5, "bo", 400, "other"),
    entry(6, "bo", 70_000, "other"),
  ];

  test("a burst ends with its author, its file, or a pause", () => {
    expect(burstEnds(entries)).toEqual([2, 3, 5, 6]);
  });

  test("the nearest one, either way", () => {
    expect(nearest([2, 3, 5], 3, 1)).toBe(5);
    expect(nearest([2, 3, 5], 3, -1)).toBe(2);
    expect(nearest([2, 3, 5], 5, 1)).toBeNull();
  });

  test("idle time is skipped, and the rest plays as it was", () => {
    expect(played(entries, 0)).toBe(0);
    expect(played(entries, 250)).toBe(2);
    expect(played(entries, 1399)).toBe(4);
    expect(played(entries, 1400)).toBe(5);
  });
});

test("the file of an entry is the one whose text it is about", () => {
  const of = (change: PastEntry["change"]) => fileOf({ ...entry(1, "ann", 0), change });
  expect(of(["add", "a", "a.py", null, "", ""])).toBe("a");
  expect(
    of([
      "many",
      [
        ["remove", "b"],
        ["edit", "c", []],
      ],
      "import",
    ]),
  ).toBe("c");
  expect(of(["move", "a", "", "b.py"])).toBeNull();
});
