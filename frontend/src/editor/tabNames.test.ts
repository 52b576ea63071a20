import { expect, test } from "vitest";
import { tabNames } from "./tabNames";

test.each([
  [
    ["src/main.py", "README.md"],
    ["main.py", "README.md"],
  ],
  [
    ["a/main.py", "b/main.py", "c.md"],
    ["a/main.py", "b/main.py", "c.md"],
  ],
  [
    ["x/a/main.py", "y/a/main.py"],
    ["x/a/main.py", "y/a/main.py"],
  ],
  [
    ["main.py", "src/main.py"],
    ["main.py", "src/main.py"],
  ],
  [
    ["x/y/main.py", "z/main.py"],
    ["y/main.py", "z/main.py"],
  ],
  [[], []],
])("the tabs of %j are called %j", (paths, names) => {
  expect(tabNames(paths)).toEqual(names);
});
