import { expect, test } from "vitest";
import { type Checked, countsOf, countWords } from "./store";

const found = (...severities: ("error" | "warning" | "hint")[]): Checked => ({
  servers: ["ty"],
  problems: severities.map((severity) => ({
    start: 0,
    end: 1,
    line: 1,
    column: 1,
    severity,
    message: "",
    code: "",
    source: "",
  })),
});

test("errors and warnings of all files are counted, and hints are not", () => {
  const counts = countsOf([found("error", "hint"), found("warning", "warning")]);
  expect(counts).toEqual({ errors: 1, warnings: 2 });
  expect(countWords(counts ?? { errors: 0, warnings: 0 })).toBe("1 error, 2 warnings");
  expect(countWords({ errors: 0, warnings: 0 })).toBe("No problems");
});

test("nothing is counted where no server has looked", () => {
  expect(countsOf([])).toBeNull();
  expect(countsOf([{ servers: [], problems: [] }])).toBeNull();
});
