/** The names that people give: of themselves, of rooms. */

/** Whether `tidyName` would cut this. */
export function isTooLong(text: string, limit: number): boolean {
  return [...tidyName(text, Number.POSITIVE_INFINITY)].length > limit;
}

/** Letters and marks that are not seen. */
const BLANK =
  /\u034f|\u115f|\u1160|\u17b4|\u17b5|\u180b|\u180c|\u180d|\u180f|\u2800|\u3164|\uffa0/gu;
/** A selector makes an emoji of a sign; after a letter it is not seen. */
const SELECTOR = /(^|[\p{L}\p{N}\s])[\ufe00-\ufe0f]+/gu;

/**
 * One line of at most `limit` code points without spaces around it; "" when nothing is left.
 * The server takes no name in which anything is not seen: `check_name` keeps the same rule.
 */
export function tidyName(text: string, limit: number): string {
  const seen = text.replace(BLANK, " ").replace(SELECTOR, "$1 ");
  const line = seen.replace(/[\p{C}\p{Z}\s]+/gu, " ").trim();
  return [...line].slice(0, limit).join("").trim();
}

/** One or two letters that stand for a name: "Quiet Otter" gives "QO". */
export function initials(name: string): string {
  const letters = name.split(/\s+/).flatMap((word) => [...word].slice(0, 1));
  return letters.slice(0, 2).join("").toUpperCase() || "?";
}
