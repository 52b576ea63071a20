/** Reads what `.editorconfig` files say about a path, following https://spec.editorconfig.org. */
import { matches } from "./glob";
import type { Wanted } from "./indent";

export const NAME = ".editorconfig";

export interface Config {
  /** Tells whether files further up are ignored. */
  root: boolean;
  sections: readonly { pattern: string; says: ReadonlyMap<string, string> }[];
}

/** Limits for reading a file, since it may contain anything. */
const MOST = { text: 100_000, sections: 200, pattern: 300 };

export function parse(text: string): Config {
  const sections: { pattern: string; says: Map<string, string> }[] = [];
  let root = false;
  for (const raw of text
    .slice(0, MOST.text)
    .replace(/^\uFEFF/, "")
    .split("\n")) {
    const line = raw.trim();
    if (line === "" || /^[#;]/.test(line)) continue;
    const pattern = /^\[(.*)\]$/.exec(line)?.[1];
    if (pattern !== undefined) {
      if (sections.length === MOST.sections) break;
      sections.push({ pattern, says: new Map() });
      continue;
    }
    const cut = line.indexOf("=");
    if (cut <= 0) continue;
    const key = line.slice(0, cut).trim().toLowerCase();
    const value = line
      .slice(cut + 1)
      .trim()
      .toLowerCase();
    const section = sections.at(-1);
    if (section) section.says.set(key, value);
    else if (key === "root") root = value === "true";
  }
  return { root, sections: sections.filter(({ pattern }) => pattern.length <= MOST.pattern) };
}

/**
 * Return what these files say about a path. `configs` maps folders to files; "" is the room itself. The
 * nearest file takes precedence, and within a file the last section.
 */
export function wantedFor(path: string, configs: ReadonlyMap<string, Config>): Wanted {
  const folders = path.split("/").slice(0, -1);
  const says = new Map<string, string>();
  for (let depth = folders.length; depth >= 0; depth--) {
    const folder = folders.slice(0, depth).join("/");
    const config = configs.get(folder);
    if (!config) continue;
    const here = depth === 0 ? path : path.slice(folder.length + 1);
    const own = new Map<string, string>();
    for (const section of config.sections) {
      if (matches(section.pattern, here))
        for (const [key, value] of section.says) own.set(key, value);
    }
    for (const [key, value] of own) if (!says.has(key)) says.set(key, value);
    if (config.root) break;
  }
  return wanted(says);
}

function wanted(says: ReadonlyMap<string, string>): Wanted {
  const style = says.get("indent_style");
  const tabs = style === "tab" ? true : style === "space" ? false : undefined;
  const tabSize = columns(says.get("tab_width"));
  const size = says.get("indent_size");
  const width = size === "tab" || (size === undefined && tabs) ? tabSize : columns(size);
  const found: Wanted = {};
  if (tabs !== undefined) found.tabs = tabs;
  if (width !== undefined) found.width = width;
  if ((tabSize ?? width) !== undefined) found.tabSize = tabSize ?? width;
  if (says.get("trim_trailing_whitespace") === "true") found.trimTrailingWhitespace = true;
  if (says.get("insert_final_newline") === "true") found.insertFinalNewline = true;
  return found;
}

/** Return a width that makes sense, else undefined. */
function columns(value: string | undefined): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && 1 <= number && number <= 16 ? number : undefined;
}
