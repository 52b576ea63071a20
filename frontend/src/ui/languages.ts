import type { Language } from "../session";

/** The languages of a file: what a person calls them, and the badge on the file. */
export const LANGUAGES: Record<Language, { name: string; badge: string }> = {
  python: { name: "Python", badge: "PY" },
  javascript: { name: "JavaScript", badge: "JS" },
  typescript: { name: "TypeScript", badge: "TS" },
};

export const LANGUAGE_IDS = Object.keys(LANGUAGES) as Language[];
