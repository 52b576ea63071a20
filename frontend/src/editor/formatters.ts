/**
 * What lays a text out anew: Prettier, and for Python Ruff, as a program of WebAssembly. Each comes
 * from our own server when it is first wanted.
 */
import type { Language } from "../link/protocol";
import { isKnown, NO_FORMATTER } from "../ui/languages";

/** A text in its usual form, indented by `width` blanks. Throws for what it cannot read, with words. */
export type Formatter = (text: string, width: number) => string | Promise<string>;

/** Rejects if it cannot be fetched. Throws an Error with words where nothing formats the language. */
export function loadFormatter(language: Language): Promise<Formatter> {
  if (!isKnown(language)) throw new Error(NO_FORMATTER);
  return language === "python"
    ? ruff()
    : prettier(language === "typescript" ? "babel-ts" : "babel");
}

async function prettier(parser: string): Promise<Formatter> {
  const [{ format }, babel, estree] = await Promise.all([
    import("prettier/standalone"),
    import("prettier/plugins/babel"),
    import("prettier/plugins/estree"),
  ]);
  const plugins = [babel, estree];
  return (text, tabWidth) => format(text, { parser, plugins, tabWidth });
}

async function ruff(): Promise<Formatter> {
  const { default: load, format } = await import("@wasm-fmt/ruff_fmt/vite");
  await load();
  return (text, indent_width) => {
    try {
      return format(text, null, { indent_style: "space", indent_width });
    } catch (error) {
      throw new Error(withPlace(String(error), text));
    }
  };
}

/** "… at byte range 4..5" as "… (1:5)", like the others say it. */
export function withPlace(words: string, text: string): string {
  const [range, start] = /\s+at byte range (\d+)\.\.\d+/.exec(words) ?? [];
  if (!range) return words;
  const before = new TextDecoder().decode(new TextEncoder().encode(text).slice(0, Number(start)));
  const lines = before.split("\n");
  return words.replace(range, ` (${lines.length}:${[...(lines.at(-1) ?? "")].length + 1})`);
}
