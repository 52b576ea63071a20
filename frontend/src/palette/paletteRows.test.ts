import { expect, test } from "vitest";
import { register } from "../actions";
import { headingOf, rowsFor } from "./paletteRows";
import { used } from "./recent";

const visits: number[][] = [];
const lines = {
  count: () => 300,
  goTo: (line: number, column: number) => visits.push([line, column]),
};

test.each([
  ["12", ["Go to line 12"]],
  [":12", ["Go to line 12"]],
  ["12:3", ["Go to line 12, column 3"]],
  ["8", ["Go to line 8", "Tab width 8"]],
  [":8", ["Go to line 8"]],
  ["tab 8", ["Tab width 8"]],
])("%j finds %j", (written, titles) => {
  const remove = register([{ id: "width", section: "View", title: "Tab width 8", run() {} }]);
  const rows = rowsFor(written, lines);
  remove();
  expect(rows.map(({ title }) => title)).toEqual(titles);
});

test("the way to a line goes there", () => {
  rowsFor("12:3", lines)[0]?.run();
  expect(visits.splice(0)).toEqual([[12, 3]]);
});

test("beyond the last line it is the way to that one, in words", () => {
  const [row] = rowsFor(":99999", lines);
  expect(row?.title).toBe("Go to line 300, the last one: there is no line 99999");
  row?.run();
  expect(visits.splice(0)).toEqual([[300, 1]]);
});

test("what was done last stands first, once, and goes before its like in a search", () => {
  const [one, two, three] = ["Font: one", "Font: two", "Font: three"].map((title) => ({
    id: title,
    section: "View" as const,
    title,
    run() {},
  }));
  const remove = register([one, two, three].filter((action) => action !== undefined));
  rowsFor("two", lines)[0]?.run();
  rowsFor("three", lines)[0]?.run();
  used("gone.by.now");
  const rows = rowsFor("", lines);
  const found = rowsFor("font", lines).map(({ title }) => title);
  remove();
  expect(rows.map(({ title }) => title)).toEqual(["Font: three", "Font: two", "Font: one"]);
  expect(rows.map((_, index) => headingOf(rows, index))).toEqual(["Recent", false, "View"]);
  expect(found.at(-1)).toBe("Font: one");
});
