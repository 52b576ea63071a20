import { EditorState, type Extension } from "@codemirror/state";
import type { Language } from "../link/protocol";
import { PLAIN } from "../room/languages";
import { codeOf, type KnownLanguage } from "../ui/languages";

const SLASHES = { line: "//", block: { open: "/*", close: "*/" } };
const COMMENTS: Record<KnownLanguage, object> = {
  python: { line: "#" },
  javascript: SLASHES,
  typescript: SLASHES,
};

/** Return what is known of a language at once, until the rest has loaded. */
export function firstSupport(language: Language): Extension {
  const code = codeOf(language);
  return code ? EditorState.languageData.of(() => [{ commentTokens: COMMENTS[code] }]) : [];
}

/** Load the highlighting, indentation and comments of a language. */
export async function loadLanguage(language: Language): Promise<Extension> {
  if (language === PLAIN) return [];
  if (codeOf(language)) return named(grammar(language));
  return (await import("./grammars")).grammar(language);
}

async function grammar(language: Language): Promise<Extension> {
  if (language === "python") return (await import("@codemirror/lang-python")).python();
  const { javascript } = await import("@codemirror/lang-javascript");
  // JavaScript files may always contain JSX elements. In TypeScript, elements would take the place of
  // casts.
  const jsx = language !== "typescript";
  return javascript({ jsx, typescript: codeOf(language) === "typescript" });
}

/** Add the colours of names that the grammar itself does not give. */
async function named(support: Promise<Extension>): Promise<Extension> {
  const [grammar, { typeNames }] = await Promise.all([support, import("./names")]);
  return [grammar, typeNames()];
}
