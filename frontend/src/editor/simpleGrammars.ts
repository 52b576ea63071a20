/** Small grammars for languages that no library of the editor has. */
import { LanguageSupport, StreamLanguage } from "@codemirror/language";
import { type Rule, simpleMode } from "@codemirror/legacy-modes/mode/simple-mode";

// Of the token names, simpleMode accepts only those without dots.
type States = Record<string, Rule[]> & { start: Rule[] };

export function makefile(): LanguageSupport {
  return grammar("makefile", "#", {
    start: [
      { regex: /#.*/, token: "comment" },
      { sol: true, regex: /-?(?:include|sinclude|vpath)\b/, token: "keyword" },
      {
        regex: /\b(?:ifn?eq|ifn?def|else|endif|define|endef|export|unexport|override)\b/,
        sol: true,
        token: "keyword",
      },
      { sol: true, regex: /[\w.-]+(?=\s*(?:[:?+!]|::)?=)/, token: "def" },
      { sol: true, regex: /[^\s:=#$][^:=#$]*(?=::?(?!=))/, token: "tag" },
      { regex: /\$\$/, token: "atom" },
      { regex: /\$[({][\w.-]+(?=[\s)}:,])[)}]?/, token: "variable-2" },
      { regex: /\$[@%<?^+*|\w]/, token: "variable-2" },
      { regex: /"(?:[^"\\]|\\.)*"|'[^']*'/, token: "string" },
      { regex: /[:?+!]?=|::?/, token: "operator" },
      { regex: /[\w./-]+/, token: null },
    ],
  });
}

export function hcl(): LanguageSupport {
  return grammar(
    "hcl",
    "#",
    {
      start: [
        { regex: /(?:#|\/\/).*/, token: "comment" },
        { regex: /\/\*/, token: "comment", next: "comment" },
        { regex: /"(?:[^"\\]|\\.)*"/, token: "string" },
        { regex: /\b(?:true|false|null)\b/, token: "atom" },
        { regex: /\b(?:for|in|if|else|endif|endfor)\b/, token: "keyword" },
        { sol: true, regex: /[a-z_]\w*(?=\s+(?:"|\{))/, token: "keyword" },
        { regex: /[\w-]+(?=\s*=(?!=))/, token: "property" },
        { regex: /[a-z_]\w*(?=\()/, token: "builtin" },
        { regex: /\d+(?:\.\d+)?/, token: "number" },
        { regex: /[{[(]/, indent: true, token: "bracket" },
        { regex: /[}\])]/, dedent: true, token: "bracket" },
        { regex: /[-+*/%=!<>&|?:]+/, token: "operator" },
        { regex: /[\w-]+/, token: "variable" },
      ],
      comment: BLOCK_COMMENT,
    },
    /^\s*[}\])]$/,
  );
}

export function graphql(): LanguageSupport {
  return grammar(
    "graphql",
    "#",
    {
      start: [
        { regex: /#.*/, token: "comment" },
        { regex: /"""/, token: "string", next: "block" },
        { regex: /"(?:[^"\\]|\\.)*"/, token: "string" },
        {
          regex:
            /\b(?:query|mutation|subscription|fragment|on|type|input|enum|interface|union|scalar|schema|extend|directive|implements|repeatable)\b/,
          token: "keyword",
        },
        { regex: /\b(?:true|false|null)\b/, token: "atom" },
        { regex: /@\w+/, token: "meta" },
        { regex: /\$\w+/, token: "variable-2" },
        { regex: /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/, token: "number" },
        { regex: /[A-Z]\w*/, token: "type" },
        { regex: /[{[(]/, indent: true, token: "bracket" },
        { regex: /[}\])]/, dedent: true, token: "bracket" },
        { regex: /\.{3}|[!:=|&]/, token: "operator" },
        { regex: /\w+/, token: "property" },
      ],
      block: [
        { regex: /.*?"""/, token: "string", next: "start" },
        { regex: /.+/, token: "string" },
      ],
    },
    /^\s*[}\])]$/,
  );
}

export function batch(): LanguageSupport {
  return grammar("batch", "REM", {
    start: [
      { regex: /@?rem\b.*/i, token: "comment", sol: true },
      { regex: /\s*::.*/, token: "comment", sol: true },
      { regex: /:\w+/, token: "tag", sol: true },
      { regex: /%%?~?\w+%?|%[^%\s]+%|![^!\s]+!/, token: "variable-2" },
      { regex: /"[^"]*"?/, token: "string" },
      {
        regex:
          /\b(?:if|else|not|exist|defined|errorlevel|for|in|do|goto|call|exit|setlocal|endlocal|set|echo|pause|shift|start|equ|neq|lss|leq|gtr|geq)\b/i,
        token: "keyword",
      },
      { regex: /\d+\b/, token: "number" },
      { regex: /[&|<>=()@]+/, token: "operator" },
      { regex: /[\w.\\/-]+/, token: null },
    ],
  });
}

const BLOCK_COMMENT: Rule[] = [
  { regex: /.*?\*\//, token: "comment", next: "start" },
  { regex: /.+/, token: "comment" },
];

function grammar(
  name: string,
  line: string,
  states: States,
  indentOnInput?: RegExp,
): LanguageSupport {
  const languageData = { name, commentTokens: { line }, ...(indentOnInput && { indentOnInput }) };
  return new LanguageSupport(StreamLanguage.define({ ...simpleMode(states), name, languageData }));
}
