import { describe, expect, test } from "vitest";
import { loadFormatter } from "../editor/formatters";
import { firstSupport, loadLanguage } from "../editor/languages";
import { isKnown, languageInfo } from "./languages";

// Names that every object has are no languages either.
describe.each(["rust", "c++", "", "constructor", "toString", "__proto__"])("a file in %j", (id) => {
  test("is plain text by that name", () => {
    expect(isKnown(id)).toBe(false);
    expect(languageInfo(id)).toMatchObject({ name: "Plain text", badge: "TXT", indent: 4 });
  });

  test("can be edited, and nothing formats it", async () => {
    expect(firstSupport(id)).toBeTruthy();
    expect(await loadLanguage(id)).toBeTruthy();
    expect(() => loadFormatter(id)).toThrow();
  });
});
