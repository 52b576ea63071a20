/** How far Tab goes: as far as a person likes, else as their language usually has it. */
import type { Language } from "../link/protocol";
import { settings } from "../settings/settings";
import { languageInfo } from "./languages";

export function usualIndent(language: Language): number {
  return languageInfo(language).indent;
}

/** In force now for this language. Reads a signal. */
export function indentOf(language: Language): number {
  return settings.tabWidth.value || usualIndent(language);
}
