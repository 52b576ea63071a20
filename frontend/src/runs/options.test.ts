import { expect, test } from "vitest";
import { argsIn, envIn, optionsOf, wordsOf } from "./options";

test("arguments are lines, also empty ones between others", () => {
  expect(argsIn("-v\n\ntwo words\n\n").value).toEqual(["-v", "", "two words"]);
  expect(argsIn("").value).toEqual([]);
});

test("variables have names and values, and a value may have an equals sign", () => {
  expect(envIn("A=1\n\n B_2 = x=y \n").value).toEqual({ A: "1", B_2: " x=y " });
});

test.each(["2A=1", "A", "=x", "A-B=1"])("%j is no variable", (line) => {
  expect(envIn(`OK=1\n${line}`).problem).toBe(`“${line}” is not like NAME=value.`);
  expect(optionsOf("", "", line, "")).toBe(null);
});

test.each([
  ["x\n".repeat(65), "There are 65 lines; at most 64."],
  ["🦦".repeat(1001), "A line has more than 1000 characters."],
  ["🦦".repeat(1000), ""],
])("arguments have a limit", (text, problem) => {
  expect(argsIn(text).problem).toBe(problem);
});

test("what is said can be read back, and what is not said is left out", () => {
  const program = { entry: "f1", args: ["a", "b"], env: { A: "1" }, stdin: "f2" };
  const { args, env } = program;
  expect(optionsOf("f1", wordsOf.args(args), wordsOf.env(env), "f2")).toEqual(program);
  expect(optionsOf("", "", "", "")).toEqual({});
});
