/** What formatting does to a text. It takes seconds for a long one, so the page has it in a worker. */
import type { Language } from "../link/protocol";
import type { ChangeParts } from "./eachChange";
import { type Edit, editsBetween, fewer, TooDifferent } from "./edits";
import { type Formatter, loadFormatter } from "./formatters";

/** What formats a text, or why nothing does, in words; `offline`: there is nothing to format with. */
export type Formatting = { changes: ChangeParts } | { problem: string } | { offline: true };

/** UTF-16 units of a text that is formatted, at most. */
export const MOST_FORMATTED = 500_000;
/** More edits than these would hold the page up for a moment when it sends them. */
const MOST_EDITS = 15_000;

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
    const edits = fewer(editsBetween(text, await layOut(text, width)), text, MOST_EDITS);
    return { changes: partsOf(edits, text.length) };
  } catch (error) {
    if (error instanceof TooDifferent) return { problem: tooMuch() };
    const [why] = String(error instanceof Error ? error.message : error).split("\n");
    return { problem: `The file could not be formatted: ${why}` };
  }
}

function partsOf(edits: readonly Edit[], length: number): ChangeParts {
  const parts: ChangeParts = [];
  let position = 0;
  for (const { from, to, insert } of edits) {
    if (from > position) parts.push(from - position);
    parts.push(insert ? [to - from, ...insert.split("\n")] : [to - from]);
    position = to;
  }
  if (length > position) parts.push(length - position);
  return parts;
}

function tooLarge(): string {
  return `The file is too large to be formatted: ${MOST_FORMATTED.toLocaleString("en")} characters are the most.`;
}

function tooMuch(): string {
  return "The file was not formatted: too much of it would change at once.";
}
