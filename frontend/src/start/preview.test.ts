import { expect, test } from "vitest";
import { SAMPLES, tokens } from "./preview";

test.each(Object.values(SAMPLES))("the drawn $path shows two people, inside its text", (sample) => {
  expect(sample.carets.map(({ name }) => name)).toEqual(["Ana", "Bo"]);
  for (const { line, column, selected } of sample.carets) {
    expect(sample.lines[line]?.length).toBeGreaterThanOrEqual(column);
    expect(column).toBeGreaterThanOrEqual(selected);
  }
});

test.each(Object.values(SAMPLES))("colours take nothing away from the drawn $path", ({ lines }) => {
  for (const line of lines) {
    const drawn = tokens(line).map(({ text }) => text);
    expect(drawn.join("")).toBe(line);
  }
});
