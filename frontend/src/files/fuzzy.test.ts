import { expect, test } from "vitest";
import { findPaths } from "./fuzzy";

const PATHS = [
  "README.md",
  "src/main.py",
  "src/main_test.py",
  "src/lib/vector.py",
  "tests/main/conftest.py",
];
const files = PATHS.map((path) => ({ id: path, path }));
const found = (written: string, recent: string[] = []) =>
  findPaths(files, written, recent).map(({ path }) => path);

test.each([
  ["main", ["src/main.py", "src/main_test.py", "tests/main/conftest.py"]],
  ["mp", ["src/main.py"]],
  ["mt", ["src/main_test.py"]],
  ["lib/v", ["src/lib/vector.py"]],
  ["VEC", ["src/lib/vector.py"]],
  ["nothing", []],
])("%j finds %j", (written, paths) => {
  expect(found(written).slice(0, paths.length)).toEqual(paths);
  if (paths.length === 0) expect(found(written)).toEqual([]);
});

test("without letters the files that were shown lately come first, the last one first", () => {
  expect(found("", ["src/main_test.py", "README.md"])).toEqual([
    "src/main_test.py",
    "README.md",
    "src/main.py",
    "src/lib/vector.py",
    "tests/main/conftest.py",
  ]);
});

test("of paths that fit alike the one that was shown lately comes first", () => {
  const alike = ["a/one.py", "b/one.py"].map((path) => ({ id: path, path }));
  expect(findPaths(alike, "one", ["b/one.py"])[0]?.path).toBe("b/one.py");
});

test("the letters that were asked for are named, and no more paths than a list can show", () => {
  expect(findPaths(files, "vec", [])[0]?.letters).toEqual([8, 9, 10]);
  const many = Array.from({ length: 10_000 }, (_, n) => ({
    id: `${n}`,
    path: `src/dir${n % 50}/module_${n}.py`,
  }));
  expect(findPaths(many, "mod77", [])).toHaveLength(100);
});
