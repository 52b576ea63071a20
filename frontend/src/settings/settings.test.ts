import { describe, expect, test } from "vitest";
import { isUsual, parse, resetSettings, settings, written } from "./settings";

const USUAL = parse(null);

describe("what storage has is read with doubt", () => {
  test.each([
    ["nothing", null],
    ["no JSON", "{theme"],
    ["another kind of JSON", "[1, 2]"],
    ["a number", "7"],
    ["null", "null"],
    ["names nobody knows", '{"__proto__": {"wrap": true}, "constructor": 1, "speed": 9}'],
    ["wrong kinds", '{"theme": 1, "fontSize": "20", "wrap": "yes", "colours": 3, "carets": null}'],
    ["out of bounds", '{"theme": "pink", "fontSize": 9, "tabWidth": 3, "keymap": "ed"}'],
    ["no whole number", '{"fontSize": 12.5}'],
    [
      "no colours",
      '{"colours": {"dark": {"keyword": "red", "string": "url(//x)", "x": "#000000"}}}',
    ],
  ])("%s gives what is usual", (_what, kept) => expect(parse(kept)).toEqual(USUAL));

  test("one bad setting leaves the good ones as they are", () => {
    expect(parse('{"theme": "dark", "fontSize": 999}')).toEqual({ ...USUAL, theme: "dark" });
  });
});

test("what is kept is read again as it was, and what is usual is not kept", () => {
  const chosen = {
    ...USUAL,
    theme: "contrast" as const,
    fontSize: 28,
    tabWidth: 8 as const,
    keymap: "vim" as const,
    suggestions: false,
    colours: { light: {}, dark: { keyword: "#ffa273" }, contrast: {} },
  };
  expect(parse(written(chosen))).toEqual(chosen);
  expect(written({ ...USUAL, wrap: true })).toBe('{"wrap":true}');
  expect(written(USUAL)).toBeNull();
});

test("a reset can be taken back, whole", () => {
  settings.fontSize.value = 20;
  settings.colours.value = { light: { keyword: "#112233" }, dark: {}, contrast: {} };
  const takeBack = resetSettings();
  expect(isUsual()).toBe(true);
  takeBack();
  expect(settings.fontSize.value).toBe(20);
  expect(settings.colours.value.light).toEqual({ keyword: "#112233" });
  resetSettings();
});
