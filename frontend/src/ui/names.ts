/** Checks and tidies the names that people give to themselves and to rooms. */

/** Tell whether `tidyName` would shorten this text. */
export function isTooLong(text: string, limit: number): boolean {
  return [...tidyName(text, Number.POSITIVE_INFINITY)].length > limit;
}

/** Letters and marks that are invisible. */
const BLANK =
  /\u034f|\u115f|\u1160|\u17b4|\u17b5|\u180b|\u180c|\u180d|\u180f|\u2800|\u3164|\uffa0/gu;
/**
 * A variation selector is visible only after a sign that it turns into an emoji; after a letter it is
 * invisible.
 */
const SELECTOR = /(^|[\p{L}\p{N}\s])[\ufe00-\ufe0f]+/gu;

/**
 * Reduce a name to one line of at most `limit` code points without spaces around it; "" when nothing is
 * left. The server refuses a name that has no visible character: `check_name` follows the same rule.
 */
export function tidyName(text: string, limit: number): string {
  const seen = text.replace(BLANK, " ").replace(SELECTOR, "$1 ");
  const line = seen.replace(/[\p{C}\p{Z}\s]+/gu, " ").trim();
  return [...line].slice(0, limit).join("").trim();
}

/** Return one or two letters that stand for a name: "Quiet Otter" gives "QO". */
export function initials(name: string): string {
  const letters = name.split(/\s+/).flatMap((word) => [...word].slice(0, 1));
  return letters.slice(0, 2).join("").toUpperCase() || "?";
}
