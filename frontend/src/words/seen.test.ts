import { expect, test } from "vitest";
import { seen } from "./seen";

const told = (text: string) =>
  seen(text)
    .map((piece) => (typeof piece === "string" ? piece : `<${piece.hidden}>`))
    .join("");

test.each([
  ["a right-to-left override", "abc\u202Egpj.exe", "abc<U+202E>gpj.exe"],
  ["an isolate", "\u2066x\u2069", "<U+2066>x<U+2069>"],
  ["a space of no width", "a\u200Bb", "a<U+200B>b"],
  ["a mark of direction", "a\u200Fb", "a<U+200F>b"],
  ["a soft hyphen", "a\u00ADb", "a<U+00AD>b"],
  ["a filler", "a\u3164b", "a<U+3164>b"],
  ["letters of tags", "a\u{E0041}b", "a<U+E0041>b"],
  ["a joiner between letters that have none", "a\u200Db", "a<U+200D>b"],
  ["a separator of lines", "a\u2028b", "a<U+2028>b"],
])("%s is made visible", (_, text, expected) => {
  expect(told(text)).toBe(expected);
});

test.each(["👩‍💻", "👩🏽‍🚀 up", "❤️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "می‌خواهم", "क्‍ष", "שלום", "naïve", "日本語"])(
  "%s stays as it is",
  (text) => {
    expect(told(text)).toBe(text);
  },
);
