/**
 * Computes the edits that formatting makes to a text. This takes seconds for a long text, so the page
 * runs it in a worker.
 */
import type { Indent, Wanted } from "../indent/indent";
import type { Language } from "../link/protocol";
import { codeOf } from "../ui/languages";
import { type Edit, editsBetween } from "./edits";
import { type Formatter, loadFormatter } from "./formatters";

/**
 * The edits of a formatter; or `problem`, the reason in words why it failed; or `offline`, when the
 * formatter could not be fetched.
 */
export type Formatting = { edits: Edit[] } | { problem: string } | { offline: true };

/** The room's settings for the ends of lines and of the text. They apply after any formatter. */
export type Ends = Pick<Wanted, "trimTrailingWhitespace" | "insertFinalNewline">;

/** The most UTF-16 units of a text that can be formatted. */
export const MOST_FORMATTED = 500_000;

export async function formattingEdits(
  text: string,
  language: Language,
  indent: Indent,
  ends: Ends = {},
): Promise<Formatting> {
  if (text.length > MOST_FORMATTED) return { problem: tooLarge() };
  let layOut: Formatter;
  try {
    layOut = codeOf(language) ? await loadFormatter(language) : (text) => text;
  } catch {
    return { offline: true };
  }
  try {
    return { edits: editsBetween(text, ended(await layOut(text, indent), ends)) };
  } catch (error) {
    const [why] = String(error instanceof Error ? error.message : error).split("\n");
    return { problem: `The file could not be formatted: ${why}` };
  }
}

function ended(text: string, { trimTrailingWhitespace, insertFinalNewline }: Ends): string {
  const trimmed = trimTrailingWhitespace ? text.replace(/[^\S\n]+$/gm, "") : text;
  return insertFinalNewline && trimmed !== "" && !trimmed.endsWith("\n") ? `${trimmed}\n` : trimmed;
}

function tooLarge(): string {
  return `The file is too large to be formatted: ${MOST_FORMATTED.toLocaleString("en")} characters are the most.`;
}
