import { indentUnit } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import type { Language } from "../link/protocol";
import { usualIndent } from "../ui/indent";
import { isKnown, type KnownLanguage } from "../ui/languages";

const SLASHES = { line: "//", block: { open: "/*", close: "*/" } };
const COMMENTS: Record<KnownLanguage, object> = {
  python: { line: "#" },
  javascript: SLASHES,
  typescript: SLASHES,
};

/** What is known of a language at once, for as long as the rest is on its way. */
export function firstSupport(language: Language): Extension {
  return [
    isKnown(language)
      ? EditorState.languageData.of(() => [{ commentTokens: COMMENTS[language] }])
      : [],
    indentation(language),
  ];
}

/** Highlighting, indentation and comments of a language, fetched when it is first wanted. */
export async function loadLanguage(language: Language): Promise<Extension> {
  if (!isKnown(language)) return indentation(language);
  const [support, { typeNames }] = await Promise.all([grammar(language), import("./names")]);
  return [support, typeNames(), indentation(language)];
}

async function grammar(language: KnownLanguage): Promise<Extension> {
  if (language === "python") return (await import("@codemirror/lang-python")).python();
  const { javascript } = await import("@codemirror/lang-javascript");
  return javascript({ typescript: language === "typescript" });
}

/** The language's usual one; a person's own, in `preferences`, goes before it. */
function indentation(language: Language): Extension {
  const width = usualIndent(language);
  return [indentUnit.of(" ".repeat(width)), EditorState.tabSize.of(width)];
}
