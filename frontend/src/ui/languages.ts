/** The languages that are more than plain text to the page. A file may have any other one as well. */
import type { Language } from "../room/kind";

/** What a person calls a language, the badge on a file, how its name ends, and how far Tab usually goes. */
export interface LanguageInfo {
  name: string;
  badge: string;
  ending: string;
  indent: number;
}

export const LANGUAGES = {
  python: { name: "Python", badge: "PY", ending: ".py", indent: 4 },
  javascript: { name: "JavaScript", badge: "JS", ending: ".js", indent: 2 },
  typescript: { name: "TypeScript", badge: "TS", ending: ".ts", indent: 2 },
} as const satisfies Record<string, LanguageInfo>;

export type KnownLanguage = keyof typeof LANGUAGES;
export const LANGUAGE_IDS = Object.keys(LANGUAGES) as KnownLanguage[];

/** Said instead of formatting a file of a language that is not known. */
export const NO_FORMATTER = "Plain text has no formatter.";

const PLAIN: LanguageInfo = { name: "Plain text", badge: "TXT", ending: ".txt", indent: 4 };

export function isKnown(language: Language): language is KnownLanguage {
  return Object.hasOwn(LANGUAGES, language);
}

/** A language that the page does not know is plain text. */
export function languageInfo(language: Language): LanguageInfo {
  return isKnown(language) ? LANGUAGES[language] : PLAIN;
}
