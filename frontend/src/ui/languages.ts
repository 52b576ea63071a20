import type { Language } from "../room/kind";

/** The languages of a file: what a person calls them, the badge on the file, how its name ends. */
export const LANGUAGES: Record<Language, { name: string; badge: string; ending: string }> = {
  python: { name: "Python", badge: "PY", ending: ".py" },
  javascript: { name: "JavaScript", badge: "JS", ending: ".js" },
  typescript: { name: "TypeScript", badge: "TS", ending: ".ts" },
};

/** The path of a file as it is shown: whoever changes the language means the ending, too. */
export function pathIn(language: Language, path: string): string {
  return path.replace(/\.(?:py|js|ts)$/, LANGUAGES[language].ending);
}

export const LANGUAGE_IDS = Object.keys(LANGUAGES) as Language[];
