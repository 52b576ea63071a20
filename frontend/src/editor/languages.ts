import type { Extension } from "@codemirror/state";
import type { Language } from "../protocol";

/** Highlighting, indentation and comments of a language, fetched when it is first wanted. */
export async function loadLanguage(language: Language): Promise<Extension> {
  if (language === "python") return (await import("@codemirror/lang-python")).python();
  const { javascript } = await import("@codemirror/lang-javascript");
  return javascript({ typescript: language === "typescript" });
}
