import { beforeEach, expect, test } from "vitest";
import { OpenFiles } from "./openFiles";

let files: OpenFiles;
const state = () => `${files.order.value.join(" ")} | ${files.active.value}`;

beforeEach(() => {
  files = new OpenFiles();
  for (const id of ["a", "b", "c"]) files.show(id);
});

test("a file that is opened comes last, and is shown; one that is open stays where it is", () => {
  expect(state()).toBe("a b c | c");
  files.show("a");
  expect(state()).toBe("a b c | a");
  expect(files.recent.value).toEqual(["a", "c", "b"]);
});

test("after the shown one is closed, the one that was shown before it is shown", () => {
  files.show("a");
  files.close("a");
  expect(state()).toBe("b c | c");
  files.close("b");
  expect(state()).toBe("c | c");
  files.close("c");
  expect(state()).toBe(" | null");
});

test("a file is put before, behind and beyond the others", () => {
  files.move("c", 0);
  expect(state()).toBe("c a b | c");
  files.move("c", 2);
  expect(state()).toBe("a b c | c");
  files.move("a", 9);
  expect(state()).toBe("b c a | c");
  files.move("none", 0);
  expect(state()).toBe("b c a | c");
});
