import { expect, test } from "vitest";
import { astral } from "./astral";
import { Document } from "./document";

test("what others write before there is a view moves the place that the person is brought back to", () => {
  const document = new Document("one\ntwo\nthree", astral);
  document.goBackTo({ anchor: 9, head: 9, top: 4 });
  expect(document.cursor.value).toMatchObject({ line: 3, column: 2 });
  document.dispatch({ changes: { from: 0, insert: "new\nnew\n" } });
  expect(document.cursor.value).toMatchObject({ line: 5, column: 2 });
  expect(document.place).toEqual({ anchor: 17, head: 17, top: 12 });
});
