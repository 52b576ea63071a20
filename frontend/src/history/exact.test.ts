import { expect, test } from "vitest";
import { changesOf } from "./exact";

test("changes are counted in UTF-16 units of both texts", () => {
  const changes = changesOf("a🪐bc🪐", [2, "🙂x", -1, 1, -1]);
  expect(changes.map(({ fromA, toA, fromB, toB }) => [fromA, toA, fromB, toB])).toEqual([
    [3, 4, 3, 6],
    [5, 7, 7, 7],
  ]);
  expect(changesOf("abc", [3])).toEqual([]);
});
