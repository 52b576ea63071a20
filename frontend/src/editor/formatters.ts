/**
 * Loads the formatters: Prettier, and for Python Ruff as a WebAssembly program. The page fetches each
 * from our own server when it is first wanted.
 */
import type { Indent } from "../indent/indent";
import type { Language } from "../link/protocol";
import { codeOf, NO_FORMATTER } from "../ui/languages";

/**
 * Returns a formatted text, indented as `indent` says. Throws an error with a readable message for a
 * text that it cannot parse.
 */
export type Formatter = (text: string, indent: Indent) => string | Promise<string>;

/**
 * Load the formatter of a language. Rejects when it cannot be fetched. Throws an Error with a readable
 * message when nothing formats the language.
 */
export function loadFormatter(language: Language): Promise<Formatter> {
  const code = codeOf(language);
  if (!code) throw new Error(NO_FORMATTER);
  if (code === "python") return ruff();
  return prettier(code === "typescript" ? "babel-ts" : "babel");
}

async function prettier(parser: string): Promise<Formatter> {
  const [{ format }, babel, estree] = await Promise.all([
    import("prettier/standalone"),
    import("prettier/plugins/babel"),
    import("prettier/plugins/estree"),
  ]);
  const plugins = [babel, estree];
  return (text, { tabs, width }) =>
    format(text, { parser, plugins, useTabs: tabs, tabWidth: width });
}

async function ruff(): Promise<Formatter> {
  const { default: load, format } = await import("@wasm-fmt/ruff_fmt/vite");
  await load();
  return (text, { tabs, width }) => {
    try {
      return format(text, null, { indent_style: tabs ? "tab" : "space", indent_width: width });
    } catch (error) {
      throw new Error(withPlace(String(error), text));
    }
  };
}

/** Replace "… at byte range 4..5" by "… (1:5)", the form that the other formatters use. */
export function withPlace(words: string, text: string): string {
  const [range, start] = /\s+at byte range (\d+)\.\.\d+/.exec(words) ?? [];
  if (!range) return words;
  const before = new TextDecoder().decode(new TextEncoder().encode(text).slice(0, Number(start)));
  const lines = before.split("\n");
  return words.replace(range, ` (${lines.length}:${[...(lines.at(-1) ?? "")].length + 1})`);
}
