import { expect, test } from "vitest";
import { nextOf, placesIn } from "./places";
import type { Problem } from "./store";

const problem = (line: number, severity: Problem["severity"] = "error"): Problem => ({
  start: 0,
  end: 1,
  line,
  column: 1,
  severity,
  message: "",
  code: "",
  source: "",
});
const files = ["a", "b", "c"];
const places = placesIn(
  files,
  new Map([
    ["c", { servers: ["ty"], problems: [problem(1), problem(5, "hint")] }],
    ["a", { servers: ["ty"], problems: [problem(2), problem(4, "warning")] }],
  ]),
);
const from = (file: string, line: number, step: 1 | -1) => {
  const found = nextOf(places, files, { file, line, column: 1 }, step);
  return found && `${found.file}${found.problem.line}`;
};

test("problems follow one another in the order of the files, and hints are left out", () => {
  expect(from("a", 1, 1)).toBe("a2");
  expect(from("a", 2, 1)).toBe("a4");
  expect(from("a", 4, 1)).toBe("c1");
  expect(from("c", 1, 1)).toBe("a2");
  expect(from("b", 9, -1)).toBe("a4");
  expect(from("a", 2, -1)).toBe("c1");
  expect(nextOf(places, files, null, 1)?.file).toBe("a");
  expect(nextOf([], files, null, 1)).toBeUndefined();
});
