import { expect, test } from "vitest";
import { linesIn, pathTo } from "./links";

const ROOM = "7f3a91c2-0000-4000-8000-000000000000";

test.each([
  ["main.py", undefined, "main.py"],
  ["src/a b.py", { from: 3, to: 3 }, "src/a%20b.py#L3"],
  ["ü#1.md", { from: 3, to: 20 }, "%C3%BC%231.md#L3-L20"],
])("the link to %s at %j ends in %s", (path, lines, end) => {
  expect(pathTo(ROOM, path, lines)).toBe(`/r/${ROOM}/${end}`);
});

test.each([
  ["#L12", { from: 12, to: 12 }],
  ["#L12-L20", { from: 12, to: 20 }],
  ["#L20-12", { from: 12, to: 20 }],
  ["#L0", null],
  ["#12", null],
  ["", null],
])("%j names the lines %j", (hash, lines) => {
  expect(linesIn(hash)).toEqual(lines);
});
