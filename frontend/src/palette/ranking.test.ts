import { expect, test } from "vitest";
import type { Action } from "../actions";
import { search } from "./ranking";

const TITLES = [
  "Leave the room",
  "Language: Python",
  "Undo",
  "Redo",
  "Toggle comment",
  "Copy line down",
  "Font size: larger",
  "Find and replace",
  "Theme: dark",
];
const all = TITLES.map(
  (title): Action => ({
    id: title,
    title,
    section: "Edit",
    words: title === "Theme: dark" ? "night colours" : "",
    run() {},
  }),
);
const titles = (query: string, actions = all) => search(actions, query).map(({ title }) => title);

test.each([
  ["comment", "Toggle comment"],
  ["TOGGLE", "Toggle comment"],
  ["tc", "Toggle comment"],
  ["cld", "Copy line down"],
  ["line d", "Copy line down"],
  ["replace", "Find and replace"],
  ["font larger", "Font size: larger"],
  ["night", "Theme: dark"],
  ["py", "Language: Python"],
  ["do", "Copy line down"],
])("%s finds %s first", (query, title) => expect(titles(query)[0]).toBe(title));

test("nothing written finds everything as it comes, letters that are not there find nothing", () => {
  expect(titles("")).toEqual(TITLES);
  expect(titles("   ")).toEqual(TITLES);
  expect(titles("xyzzy")).toEqual([]);
});

test("letters scattered over the middles of words find nothing", () => {
  expect(titles("ooe")).toEqual([]);
});

test("what cannot be done now is not found", () => {
  const off = all.map((action) => ({ ...action, enabled: () => action.title !== "Undo" }));
  expect(titles("undo", off)).toEqual([]);
});

test("the letters that were asked for are told, to be shown", () => {
  expect(search(all, "tc")[0]?.letters).toEqual([0, 7]);
  expect(search(all, "comm")[0]?.letters).toEqual([7, 8, 9, 10]);
});

test("a long search of a long title takes no time", () => {
  const long = [{ ...(all[0] as Action), title: "ab".repeat(40) }];
  const before = performance.now();
  titles(`${"a".repeat(30)}c`, long);
  expect(performance.now() - before).toBeLessThan(100);
});

test("what an action is called in a word finds it before titles that have the word", () => {
  const go: Action = {
    id: "go",
    title: "Go to a place…",
    section: "Go to",
    alias: "line",
    run() {},
  };
  expect(titles("line", [...all, go])[0]).toBe("Go to a place…");
  expect(titles("line d", [...all, go])).not.toContain("Go to a place…");
});
