import { describe, expect, test } from "vitest";
import { loadFormatter } from "../editor/formatters";
import { firstSupport, loadLanguage } from "../editor/languages";
import { isKnown, languageInfo, pathIn } from "./languages";

// Names that every object has are no languages either.
describe.each(["rust", "c++", "", "constructor", "toString", "__proto__"])("a file in %j", (id) => {
  test("is plain text by that name", () => {
    expect(isKnown(id)).toBe(false);
    expect(languageInfo(id)).toMatchObject({ name: "Plain text", badge: "TXT", indent: 4 });
  });

  test("keeps the ending of its name", () => {
    expect(pathIn(id, "main.py")).toBe("main.py");
  });

  test("can be edited, and nothing formats it", async () => {
    expect(firstSupport(id)).toBeTruthy();
    expect(await loadLanguage(id)).toBeTruthy();
    expect(() => loadFormatter(id)).toThrow();
  });
});

test("the name of a file follows a language that is known", () => {
  expect(pathIn("typescript", "src/main.py")).toBe("src/main.ts");
});
