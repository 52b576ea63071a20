/**
 * Which language a file is in, where nobody has chosen one: that of its name. The server has the same
 * table; both run `tests/vectors/changes.json`.
 */
import type { Language } from "./kind";

/** The language of what is in no other. */
export const PLAIN: Language = "text";

const TABLE: Readonly<Record<Language, string>> = {
  python: "py pyi pyw",
  javascript: "js mjs cjs jsx",
  typescript: "ts mts cts tsx",
  json: "json jsonc ipynb",
  html: "html htm",
  css: "css",
  scss: "scss",
  less: "less",
  markdown: "md markdown",
  yaml: "yaml yml",
  toml: "toml",
  xml: "xml svg",
  sql: "sql",
  shell: "sh bash zsh",
  c: "c h",
  cpp: "cpp cc cxx hpp hh",
  csharp: "cs",
  java: "java",
  kotlin: "kt kts",
  swift: "swift",
  go: "go",
  rust: "rs",
  ruby: "rb",
  php: "php",
  r: "r",
  lua: "lua",
  perl: "pl pm",
  haskell: "hs",
  vue: "vue",
  svelte: "svelte",
  diff: "diff patch",
  latex: "tex",
};
const ENDINGS = new Map(
  Object.entries(TABLE).flatMap(([language, endings]) =>
    endings.split(" ").map((ending) => [ending, language] as const),
  ),
);
const NAMES = new Map([
  ["dockerfile", "dockerfile"],
  ["makefile", "makefile"],
]);
/** How the names of files in these languages ended in rooms from before the tree. */
const OF_OLD = new Map([
  ["python", ".py"],
  ["javascript", ".js"],
  ["typescript", ".ts"],
]);

/** The language that the name of a file gives it. */
export function languageOf(name: string): Language {
  const lower = name.toLowerCase();
  const ending = lower.slice(lower.lastIndexOf(".") + 1);
  return NAMES.get(lower) ?? ENDINGS.get(ending) ?? PLAIN;
}

/**
 * What somebody chose, when a file is added in a language. Rooms from before the tree name the
 * language of every file, so one that the name gives by itself counts as none.
 */
export function chosenLanguage(name: string, language: Language | null): Language | null {
  const ending = language === null ? undefined : OF_OLD.get(language);
  return ending && name.endsWith(ending) ? null : language;
}
