/**
 * Makes visible what could deceive: characters that are not seen, or that turn others round. Those that
 * scripts and emoji need stay as they are.
 */

export type Seen = string | { hidden: string };

/** Format characters, and letters that are drawn as nothing. */
const HIDDEN =
  /\p{Cf}|\p{Co}|\p{Cn}|\u2028|\u2029|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u180b|\u180c|\u180d|\u180f|\u2800|\u3164|\uffa0|[\u{e0100}-\u{e01ef}]|[\ufe00-\ufe0e]/gu;
const JOINER = /[\u200c\u200d]/u;
/** Scripts whose letters change by a joiner between them. */
const JOINED =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{M}]$/u;
const EMOJI = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|\u{e007f})$/u;
/** The letters of a flag of a region, after a black flag. */
const TAG = /[\u{e0020}-\u{e007f}]/u;

/** The pieces of a text, of which hidden characters are told by their code points. */
export function seen(text: string): Seen[] {
  const pieces: Seen[] = [];
  let from = 0;
  for (const { 0: character, index } of text.matchAll(HIDDEN)) {
    const before = text.slice(Math.max(0, index - 2), index);
    const inEmoji = character === "\u200d" && EMOJI.test(before);
    const inFlag = TAG.test(character) && (TAG.test(before) || before.endsWith("🏴"));
    const inWord = JOINER.test(character) && JOINED.test(before);
    if (inEmoji || inFlag || inWord) continue;
    if (index > from) pieces.push(text.slice(from, index));
    pieces.push({ hidden: codeOf(character) });
    from = index + character.length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** A text with its hidden characters made visible, as a string. */
export function visible(text: string): string {
  return seen(text)
    .map((piece) => (typeof piece === "string" ? piece : `[${piece.hidden}]`))
    .join("");
}
