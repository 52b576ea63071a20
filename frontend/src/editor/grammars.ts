/**
 * Lists all languages except those that `languages.ts` fetches itself: the languages of
 * `@codemirror/language-data` under our ids, and a few more. Each grammar is a chunk of its own.
 */
import type { LanguageDescription, LanguageSupport } from "@codemirror/language";
import { languages } from "@codemirror/language-data";
import { EditorState, type Extension } from "@codemirror/state";
import type { Language } from "../link/protocol";
import { ENDINGS, PLAIN } from "../room/languages";
import { names } from "../ui/languages";

/** Our ids for languages whose id is not the library's name with hyphens. */
const IDS: Readonly<Record<string, Language>> = {
  "C++": "cpp",
  "C#": "csharp",
  "F#": "fsharp",
  Xù: "xu",
  "MS SQL": "mssql",
  "MariaDB SQL": "mariadb",
  "Properties files": "properties",
  "Closure Stylesheets (GSS)": "gss",
  "Angular Template": "angular",
  TTCN_CFG: "ttcn-cfg",
};

/** The library's languages by our ids. */
export const DESCRIPTIONS: ReadonlyMap<Language, LanguageDescription> = new Map(
  languages.map((one) => [IDS[one.name] ?? one.name.toLowerCase().replaceAll(" ", "-"), one]),
);

/** Names that are neither the capitalised id nor the library's name. */
const NAMES: Readonly<Record<Language, string>> = {
  jsonc: "JSON with comments",
  hcl: "Terraform, HCL",
  graphql: "GraphQL",
  properties: "INI, properties",
  gss: "GSS",
  gas: "Assembly",
  less: "Less",
  mssql: "SQL Server",
  mariadb: "MariaDB",
  "ttcn-cfg": "TTCN config",
};
names.value = new Map([
  ...names.peek(),
  ...[...DESCRIPTIONS].map(([id, { name }]): [Language, string] => [
    id,
    name.charAt(0).toUpperCase() + name.slice(1),
  ]),
  ...Object.entries(NAMES),
]);

/** Languages that the library lacks. */
const OWN: Readonly<Record<Language, () => Promise<Extension>>> = {
  jsonc,
  svelte: async () => (await import("@codemirror/lang-html")).html(),
  batch: async () => (await import("./simpleGrammars")).batch(),
  graphql: async () => (await import("./simpleGrammars")).graphql(),
  hcl: async () => (await import("./simpleGrammars")).hcl(),
  markdown,
  makefile: async () => (await import("./simpleGrammars")).makefile(),
};

/** All languages that a file may have. */
export const ALL: readonly Language[] = [
  ...new Set([PLAIN, ...ENDINGS.keys(), ...DESCRIPTIONS.keys()]),
];

/**
 * Comment signs of languages whose grammars define none: one sign for lines, or a pair for blocks. An
 * empty text says that the language has no comments, where the grammar would make the command raise.
 */
const COMMENTS: Readonly<Record<Language, string>> = {
  angular: "<!-- -->",
  apl: "⍝",
  cmake: "#",
  cobol: "*>",
  cypher: "//",
  dtd: "<!-- -->",
  ebnf: "(* *)",
  ecl: "//",
  forth: "\\",
  fortran: "!",
  gherkin: "#",
  idl: ";",
  jinja: "{# #}",
  "json-ld": "",
  livescript: "#",
  mirc: ";",
  mumps: ";",
  nginx: "#",
  ntriples: "#",
  pig: "--",
  properties: "#",
  protobuf: "//",
  pug: "//-",
  puppet: "#",
  "rpm-spec": "#",
  sieve: "#",
  smalltalk: '" "',
  tiddlywiki: "/% %/",
  troff: '.\\"',
  "web-idl": "//",
  vbscript: "'",
  vue: "<!-- -->",
  z80: ";",
};

/**
 * Load the grammar of a language. An unknown language is plain text. Rejects when the grammar cannot be
 * fetched.
 */
export async function grammar(language: Language): Promise<Extension> {
  const own = Object.hasOwn(OWN, language) ? OWN[language] : undefined;
  const support = own ? await own() : await library(language);
  const comments = Object.hasOwn(COMMENTS, language) ? COMMENTS[language] : undefined;
  if (comments === undefined) return support;
  const [open, close] = comments.split(" ");
  const commentTokens = close ? { block: { open, close } } : open ? { line: open } : {};
  const ours = EditorState.languageData.of(() => [{ commentTokens }]);
  // The first one counts. The languages within elements of Vue have signs of their own.
  return open ? [support, ours] : [ours, support];
}

/** Find a language by the words on a Markdown fence: our id, the language's name, or a file ending. */
export function languageCalled(words: string): Language | null {
  const [name = ""] = words
    .trim()
    .toLowerCase()
    .split(/[\s{,]/, 1);
  if (name === "" || /^(text|plain|plaintext|txt|none|console|output)$/.test(name)) return null;
  if (ALL.includes(name)) return name;
  for (const [id, { alias }] of DESCRIPTIONS) if (alias.includes(name)) return id;
  for (const [id, endings] of ENDINGS) if (endings.includes(name)) return id;
  return null;
}

async function library(language: Language): Promise<LanguageSupport | []> {
  return (await DESCRIPTIONS.get(language)?.load()) ?? [];
}

/** Markdown whose code blocks have the colours of their languages. */
async function markdown(): Promise<Extension> {
  const { markdown } = await import("@codemirror/lang-markdown");
  return markdown({
    codeLanguages: (words) => DESCRIPTIONS.get(languageCalled(words) ?? "") ?? null,
  });
}

/** JSON with comments is parsed as a JavaScript expression. */
async function jsonc(): Promise<Extension> {
  const { javascriptLanguage } = await import("@codemirror/lang-javascript");
  return javascriptLanguage.configure({ top: "SingleExpression" }, "jsonc");
}
