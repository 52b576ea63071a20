/** What formatting does to a text. It takes seconds for a long one, so the page has it in a worker. */
import type { Language } from "../link/protocol";
import { type Edit, editsBetween } from "./edits";
import { type Formatter, loadFormatter } from "./formatters";

/** What formats a text, or why nothing does, in words; `offline`: there is nothing to format with. */
export type Formatting = { edits: Edit[] } | { problem: string } | { offline: true };

/** UTF-16 units of a text that is formatted, at most. */
export const MOST_FORMATTED = 500_000;

export async function formattingEdits(
  text: string,
  language: Language,
  width: number,
): Promise<Formatting> {
  if (text.length > MOST_FORMATTED) return { problem: tooLarge() };
  let layOut: Formatter;
  try {
    layOut = await loadFormatter(language);
  } catch {
    return { offline: true };
  }
  try {
    return { edits: editsBetween(text, await layOut(text, width)) };
  } catch (error) {
    const [why] = String(error instanceof Error ? error.message : error).split("\n");
    return { problem: `The file could not be formatted: ${why}` };
  }
}

function tooLarge(): string {
  return `The file is too large to be formatted: ${MOST_FORMATTED.toLocaleString("en")} characters are the most.`;
}
