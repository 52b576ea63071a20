import { expect, test } from "vitest";
import { register } from "../actions";
import { rowsFor } from "./paletteRows";

test.each([
  ["12", ["Go to line 12"]],
  [":12", ["Go to line 12"]],
  ["12:3", ["Go to line 12, column 3"]],
  ["8", ["Go to line 8", "Tab width 8"]],
  [":8", ["Go to line 8"]],
  ["tab 8", ["Tab width 8"]],
])("%j finds %j", (written, titles) => {
  const remove = register([{ id: "width", section: "View", title: "Tab width 8", run() {} }]);
  const rows = rowsFor(written, () => {});
  remove();
  expect(rows.map(({ title }) => title)).toEqual(titles);
});

test("the way to a line goes there", () => {
  const visits: number[][] = [];
  rowsFor("12:3", (line, column) => visits.push([line, column]))[0]?.run();
  expect(visits).toEqual([[12, 3]]);
});
