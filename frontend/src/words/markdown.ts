/**
 * Reads the Markdown of messages: paragraphs, lists, quotes, fenced code; in them strong, emphasised and
 * struck words, code and links. The result is plain data, which the page shows as nodes of its own: no text
 * of a message is ever HTML. Each character is looked at a few times at most, so no message takes long.
 */

export type Inline =
  | string
  | { kind: "strong" | "em" | "del"; words: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "link"; href: string; text: string };

export type Block =
  | { kind: "p"; words: Inline[] }
  | { kind: "quote"; words: Inline[] }
  | { kind: "list"; ordered: boolean; items: Inline[][] }
  | { kind: "pre"; language: string; text: string };

const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]{0,40})[^`]*$/;
const ITEM = /^ {0,3}(?:[-*+]|(\d{1,9})[.)])[ \t]+/;
const QUOTE = /^ {0,3}>[ \t]?/;
/** The most levels of strong and emphasised words in one another. */
const DEEPEST = 4;

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split("\n");
  let paragraph: string[] = [];
  const end = () => {
    if (paragraph.length > 0) blocks.push({ kind: "p", words: inlineOf(paragraph.join("\n")) });
    paragraph = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const fence = FENCE.exec(line);
    const item = ITEM.exec(line);
    if (fence) {
      end();
      const inside: string[] = [];
      const mark = fence[1] as string;
      for (i++; i < lines.length && !closes(lines[i] as string, mark); i++) {
        inside.push(lines[i] as string);
      }
      blocks.push({
        kind: "pre",
        language: (fence[2] ?? "").toLowerCase(),
        text: inside.join("\n"),
      });
    } else if (item) {
      end();
      const words = inlineOf(line.slice(item[0].length));
      const ordered = item[1] !== undefined;
      const last = blocks.at(-1);
      if (
        last?.kind === "list" &&
        last.ordered === ordered &&
        i > 0 &&
        ITEM.test(lines[i - 1] as string)
      ) {
        last.items.push(words);
      } else blocks.push({ kind: "list", ordered, items: [words] });
    } else if (QUOTE.test(line)) {
      end();
      const quoted: string[] = [];
      for (; i < lines.length && QUOTE.test(lines[i] as string); i++) {
        quoted.push((lines[i] as string).replace(QUOTE, ""));
      }
      i--;
      blocks.push({ kind: "quote", words: inlineOf(quoted.join("\n")) });
    } else if (line.trim() === "") end();
    else paragraph.push(line);
  }
  end();
  return blocks;
}

/** What a text says, without the marks of Markdown. */
export function plainOf(text: string): string {
  return blocksOf(text)
    .map((block) => {
      if (block.kind === "pre") return block.text;
      return block.kind === "list" ? block.items.map(wordsOf).join("\n") : wordsOf(block.words);
    })
    .join("\n");
}

function wordsOf(words: readonly Inline[]): string {
  return words
    .map((word) => {
      if (typeof word === "string") return word;
      return "words" in word ? wordsOf(word.words) : word.text;
    })
    .join("");
}

function closes(line: string, mark: string): boolean {
  const bare = line.trim();
  return bare.length >= mark.length && bare === (mark[0] as string).repeat(bare.length);
}

const MARKS = [
  { mark: "**", kind: "strong" },
  { mark: "__", kind: "strong" },
  { mark: "~~", kind: "del" },
  { mark: "*", kind: "em" },
  { mark: "_", kind: "em" },
] as const;
const URL_START = /https?:\/\//y;
const URL_END = /[^\s<>"`]*/y;

export function inlineOf(text: string, depth = 0): Inline[] {
  const words: Inline[] = [];
  /** Marks that have no end after here, so nothing is looked for twice. */
  const endless = new Set<string>();
  let plain = "";
  let i = 0;
  const add = (word: Inline) => {
    if (plain) words.push(plain);
    plain = "";
    words.push(word);
  };
  while (i < text.length) {
    const found = code(text, i, endless) ?? link(text, i) ?? address(text, i);
    if (found) {
      add(found.word);
      i = found.end;
      continue;
    }
    const marked = depth < DEEPEST ? marks(text, i, endless, depth) : null;
    if (marked) {
      add(marked.word);
      i = marked.end;
    } else if (text[i] === "\\" && /[\\`*_~[\]()>#-]/.test(text[i + 1] ?? "")) {
      plain += text[i + 1];
      i += 2;
    } else plain += text[i++];
  }
  if (plain) words.push(plain);
  return words;
}

interface Found {
  word: Inline;
  end: number;
}

function code(text: string, at: number, endless: Set<string>): Found | null {
  if (text[at] !== "`" || text[at - 1] === "`") return null;
  let from = at;
  while (text[from] === "`") from++;
  const mark = text.slice(at, from);
  if (endless.has(mark)) return null;
  const to = text.indexOf(mark, from);
  if (to < 0) endless.add(mark);
  return to > from
    ? { word: { kind: "code", text: text.slice(from, to) }, end: to + mark.length }
    : null;
}

function marks(text: string, at: number, endless: Set<string>, depth: number): Found | null {
  for (const { mark, kind } of MARKS) {
    if (!text.startsWith(mark, at) || endless.has(mark)) continue;
    const from = at + mark.length;
    const inWord = mark[0] === "_" && /\w/.test(text[at - 1] ?? "");
    if (inWord || /^\s?$/.test(text[from] ?? "")) continue;
    const to = endOf(text, from, mark);
    if (to < 0) {
      endless.add(mark);
      continue;
    }
    if (to === from) continue;
    return {
      word: { kind, words: inlineOf(text.slice(from, to), depth + 1) },
      end: to + mark.length,
    };
  }
  return null;
}

/** Return the place of the closing mark: after a letter and, inside words, not before one. */
function endOf(text: string, from: number, mark: string): number {
  for (let to = text.indexOf(mark, from); to >= 0; to = text.indexOf(mark, to + 1)) {
    const after = text[to + mark.length] ?? "";
    const doubled = mark.length === 1 && (after === mark || text[to - 1] === mark);
    const inWord = mark[0] === "_" && /\w/.test(after);
    if (!doubled && !inWord && !/\s/.test(text[to - 1] ?? " ")) return to;
  }
  return -1;
}

/** `[words](https://…)`. What the link leads to is shown where the words do not say it. */
function link(text: string, at: number): Found | null {
  if (text[at] !== "[") return null;
  const close = text.slice(at, at + 300).indexOf("](");
  if (close < 2) return null;
  const from = at + close + 2;
  const to = text.slice(from, from + 2000).indexOf(")");
  if (to < 0) return null;
  const href = safe(text.slice(from, from + to));
  if (!href) return null;
  const words = text.slice(at + 1, at + close);
  return { word: { kind: "link", href, text: words }, end: from + to + 1 };
}

function address(text: string, at: number): Found | null {
  URL_START.lastIndex = at;
  if (/[\w]/.test(text[at - 1] ?? "") || !URL_START.test(text)) return null;
  URL_END.lastIndex = at;
  let shown = URL_END.exec(text)?.[0] ?? "";
  // A full stop or bracket at the end belongs to the sentence.
  while (/[.,:;!?'*_~]$/.test(shown) || (shown.endsWith(")") && !shown.includes("("))) {
    shown = shown.slice(0, -1);
  }
  const href = safe(shown);
  return href ? { word: { kind: "link", href, text: shown }, end: at + shown.length } : null;
}

/** The address of a web page; null for any other. */
function safe(address: string): string | null {
  try {
    const url = new URL(address);
    return /^https?:$/.test(url.protocol) && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}
