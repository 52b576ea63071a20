import { describe, expect, test } from "vitest";
import { loadFormatter } from "../editor/formatters";
import { ALL } from "../editor/grammars";
import { firstSupport, loadLanguage } from "../editor/languages";
import { badgeOf, isKnown, languageName } from "./languages";

// Property names that every object inherits are no languages either.
describe.each(["c++", "", "constructor", "toString", "__proto__"])("a file in %j", (id) => {
  test("is plain text by that name", () => {
    expect(isKnown(id)).toBe(false);
    expect(languageName(id)).toBe("Plain text");
    expect(badgeOf(id)).toBe("TXT");
  });

  test("can be edited, and nothing formats it", async () => {
    expect(firstSupport(id)).toBeTruthy();
    expect(await loadLanguage(id)).toBeTruthy();
    expect(() => loadFormatter(id)).toThrow();
  });
});

test.each([
  ["python", "Python", "PY"],
  ["javascript", "JavaScript", "JS"],
  ["cpp", "C++", "CPP"],
  ["json", "JSON", "JSON"],
  ["rust", "Rust", "RS"],
  ["dockerfile", "Dockerfile", "DOCK"],
  ["properties", "INI, properties", "INI"],
  ["nginx", "Nginx", "NGIN"],
])("%s is called %s, and %s on a badge", (id, name, badge) => {
  expect(languageName(id)).toBe(name);
  expect(badgeOf(id)).toBe(badge);
});

test("each language has an id that the server takes, and a name that no other one has", () => {
  for (const id of ALL) expect(id).toMatch(/^[a-z0-9+#._-]{1,32}$/);
  const names = ALL.map(languageName);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
