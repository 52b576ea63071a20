import { EditorState, type Extension } from "@codemirror/state";
import type { Language } from "../protocol";

const SLASHES = { line: "//", block: { open: "/*", close: "*/" } };
const COMMENTS = { python: { line: "#" }, javascript: SLASHES, typescript: SLASHES };

/** What is known of a language at once, for as long as the rest is on its way. */
export function firstSupport(language: Language): Extension {
  return EditorState.languageData.of(() => [{ commentTokens: COMMENTS[language] }]);
}

/** Highlighting, indentation and comments of a language, fetched when it is first wanted. */
export async function loadLanguage(language: Language): Promise<Extension> {
  if (language === "python") return (await import("@codemirror/lang-python")).python();
  const { javascript } = await import("@codemirror/lang-javascript");
  return javascript({ typescript: language === "typescript" });
}
