/** How far Tab goes: as far as a person likes, else as their language usually has it. */
import type { Language } from "../link/protocol";
import { settings } from "../settings/settings";

const USUAL: Record<Language, number> = { python: 4, javascript: 2, typescript: 2 };

export function usualIndent(language: Language): number {
  return USUAL[language];
}

/** In force now for this language. Reads a signal. */
export function indentOf(language: Language): number {
  return settings.tabWidth.value || usualIndent(language);
}
