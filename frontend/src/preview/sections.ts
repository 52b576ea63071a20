/**
 * Turns Markdown into sections of HTML that are shown one by one. The HTML is not safe yet:
 * `sanitized.ts` makes it so. This takes a second for a long text, so the page runs it in a worker.
 */
import MarkdownIt from "markdown-it";

export interface Section {
  /**
   * The HTML of the section's blocks. Each block is in a `div` whose `data-at` is the number of lines
   * of the section before it.
   */
  html: string;
  /** The line of the text at which the section begins, from 0. */
  line: number;
  lines: number;
}

export interface Rendered {
  sections: Section[];
  /** The lines of the headings, by the names that links use. */
  anchors: Record<string, number>;
}

/**
 * The length of HTML, in UTF-16 units, after which a section ends; and the most for a block that is
 * shown formatted.
 */
const SECTION = 4000;
const MOST_OF_BLOCK = 30_000;

type Tokens = ReturnType<InstanceType<typeof MarkdownIt>["parse"]>;
type Env = Record<string, unknown>;

const markdown = new MarkdownIt({ html: true, linkify: true });
markdown.renderer.rules.fence = (tokens, index) => {
  const { info = "", content = "" } = tokens[index] ?? {};
  const { escapeHtml } = markdown.utils;
  return `<pre><code data-lang="${escapeHtml(info)}">${escapeHtml(content)}</code></pre>\n`;
};

/**
 * Keep HTML as it is written, but without what runs in tags. `sanitized.ts` removes that in any case.
 * Removing it here too keeps the browser from reporting each one first.
 */
const written = (tokens: Tokens, index: number) =>
  (tokens[index]?.content ?? "").replace(/<[a-z][^>]*>/gi, (tag) =>
    tag.replace(/\s(?:on[a-z]+|style)\s*=/gi, " data-off="),
  );
markdown.renderer.rules.html_block = written;
markdown.renderer.rules.html_inline = written;

export function sectionsOf(text: string): Rendered {
  const env: Env = {};
  const tokens = markdown.parse(text, env);
  const sections: Section[] = [];
  const anchors: Record<string, number> = Object.create(null);
  let open: Section | null = null as Section | null;
  let unclosed = 0;
  for (const block of blocksOf(tokens)) {
    const [line, end] = block[0]?.map ?? [open ? open.line + open.lines : 0, 0];
    noteAnchor(block, line, anchors);
    for (const html of htmlOf(block, text, env)) {
      if (!open || (open.html.length > SECTION && unclosed <= 0)) {
        open = { html: "", line, lines: 0 };
        sections.push(open);
        unclosed = 0;
      }
      open.html += `<div data-at="${line - open.line}">${html}</div>`;
      open.lines = Math.max(open.lines, end - open.line);
    }
    // An HTML element may begin in one block and end in another. Keep both in the same section.
    if (block[0]?.type === "html_block") unclosed += balance(block[0].content);
  }
  return { sections, anchors };
}

/** The changes that turn the sections of one text into those of another. */
export interface Update {
  /** The first section that changes. From there on, `gone` sections are removed and `come` are inserted. */
  start: number;
  gone: number;
  come: Section[];
  /** The lines at which all sections begin after the change. */
  lines: number[];
  anchors: Record<string, number>;
}

/**
 * Compare the sections. An edit changes few of them, and the page gets only those, since all sections
 * of a long text would block it.
 */
export function updateOf(before: readonly Section[], { sections, anchors }: Rendered): Update {
  const isSame = (one: Section | undefined, other: Section | undefined) =>
    one !== undefined && one.html === other?.html;
  let start = 0;
  while (start < sections.length && isSame(before[start], sections[start])) start++;
  let end = 0;
  const most = Math.min(before.length, sections.length) - start;
  while (end < most && isSame(before.at(-1 - end), sections.at(-1 - end))) end++;
  return {
    start,
    gone: before.length - end - start,
    come: sections.slice(start, sections.length - end),
    lines: sections.map(({ line }) => line),
    anchors,
  };
}

/** Return the tokens of each top-level block. */
function blocksOf(tokens: Tokens): Tokens[] {
  const blocks: Tokens[] = [];
  let block: Tokens = [];
  for (const token of tokens) {
    block.push(token);
    if (token.level !== 0 || token.nesting === 1) continue;
    blocks.push(block);
    block = [];
  }
  return blocks;
}

/** Return the HTML of a block. A very long block is shown as source text, in pieces. */
function htmlOf(block: Tokens, text: string, env: Env): string[] {
  for (const token of block) if (token.type === "inline") addBoxes(token);
  const html = markdown.renderer.render(block, markdown.options, env);
  if (html.length <= MOST_OF_BLOCK) return [html];
  const [from = 0, to = 0] = block[0]?.map ?? [];
  const written = text.split("\n").slice(from, to).join("\n");
  const count = Math.ceil(written.length / MOST_OF_BLOCK);
  return Array.from({ length: count }, (_, index) => {
    const piece = written.slice(index * MOST_OF_BLOCK, (index + 1) * MOST_OF_BLOCK);
    return `<pre>${markdown.utils.escapeHtml(piece)}</pre>`;
  });
}

/** Turn `[ ]` and `[x]` in lists into boxes. */
function addBoxes({ level, children }: Tokens[number]): void {
  const first = children?.[0];
  if (first?.type !== "text" || level < 3) return;
  first.content = first.content.replace(/^\[( |x|X)\] /, (_, mark) => (mark === " " ? "☐ " : "☑ "));
}

function noteAnchor(block: Tokens, line: number, anchors: Record<string, number>): void {
  if (block[0]?.type !== "heading_open") return;
  const slug = slugOf(block[1]?.content ?? "");
  let free = slug;
  for (let count = 1; free in anchors; count++) free = `${slug}-${count}`;
  anchors[free] = line;
}

/** Return the name that links use for a heading: "Getting *started*!" gives "getting-started". */
export function slugOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

/** Return how many more elements a piece of HTML opens than it closes. */
function balance(html: string): number {
  const opened = html.match(/<(?:details|div|p|table|ul|ol|center|section|blockquote)\b/gi) ?? [];
  const closed = html.match(/<\/(?:details|div|p|table|ul|ol|center|section|blockquote)>/gi) ?? [];
  return opened.length - closed.length;
}
