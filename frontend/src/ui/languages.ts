/** The names and badges that the page shows for languages. */
import { signal } from "@preact/signals";
import type { Language } from "../room/kind";
import { ENDINGS } from "../room/languages";

/** The languages that a new room can start with and that suggestions and formatters support. */
export const LANGUAGE_IDS = ["python", "javascript", "typescript"] as const;
export type KnownLanguage = (typeof LANGUAGE_IDS)[number];

/** The message shown when the person asks to format a file that is plain text. */
export const NO_FORMATTER = "Plain text has no formatter.";

/**
 * Names that are more than the language's id with capitals. `editor/grammars.ts` adds those of rarer
 * languages.
 */
export const names = signal<ReadonlyMap<Language, string>>(
  new Map([
    ["javascript", "JavaScript"],
    ["typescript", "TypeScript"],
    ["cpp", "C++"],
    ["csharp", "C#"],
  ]),
);
const CAPITALS = /^([jt]sx|json|html|s?css|xml|yaml|toml|sql|php)$/;

export function isKnown(language: Language): language is KnownLanguage {
  return LANGUAGE_IDS.some((id) => id === language);
}

/**
 * Return the language that suggestions and formatters use for this language; null when they support
 * none for it.
 */
export function codeOf(language: Language): KnownLanguage | null {
  if (language === "jsx") return "javascript";
  if (language === "tsx") return "typescript";
  return isKnown(language) ? language : null;
}

/** Return the name of a language; a language that the page does not know is plain text. Reads a signal. */
export function languageName(language: Language): string {
  const name = names.value.get(language);
  if (name) return name;
  if (CAPITALS.test(language)) return language.toUpperCase();
  return ENDINGS.has(language)
    ? language.charAt(0).toUpperCase() + language.slice(1)
    : "Plain text";
}

/** Return the badge for a file of this language: two to four letters. */
export function badgeOf(language: Language): string {
  const [ending] = ENDINGS.get(language) ?? ["txt"];
  return (ending?.startsWith("=") ? language : (ending ?? "")).slice(0, 4).toUpperCase();
}
