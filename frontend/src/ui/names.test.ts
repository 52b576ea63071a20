import { expect, test } from "vitest";
import names from "../../../tests/vectors/names.json?raw";
import { initials, isTooLong, tidyName } from "./names";

const LIMIT = 40;

const NAMES = JSON.parse(names) as [string, boolean][];

test.each(NAMES)("the name %j is kept as it is: %s, as the server takes it", (name, taken) => {
  expect(tidyName(name, LIMIT) === name && name !== "").toBe(taken);
});

test.each([
  ["  Ana   Silva ", "Ana Silva"],
  ["a\nb\u0000c\u202ed", "a b c d"],
  ["   ", ""],
  ["🦦".repeat(60), "🦦".repeat(LIMIT)],
])("a name is one line of at most 40 characters: %j", (typed, name) => {
  expect(tidyName(typed, LIMIT)).toBe(name);
});

test.each([
  ["Quiet Otter", "QO"],
  ["Bo", "B"],
  ["ana maria silva", "AM"],
  ["🦦 otter", "🦦O"],
  ["", "?"],
])("the initials of %j are %s", (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test("a name is too long by what would be kept of it", () => {
  expect(isTooLong(`  ${"🦦".repeat(LIMIT)}  `, LIMIT)).toBe(false);
  expect(isTooLong("🦦".repeat(LIMIT + 1), LIMIT)).toBe(true);
});
