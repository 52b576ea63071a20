/** Code points of JavaScript strings. All positions and lengths of `ot` count these. */

const SURROGATE = /[\ud800-\udfff]/;
/** In Unicode mode a surrogate pair is one character, so this only finds surrogates without a partner. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** The number of code points of a text. Free for texts in Latin-1; one scan for others. */
export function codePoints(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    if (isPair(text, i - 1)) {
      count--;
      i++;
    }
  }
  return count;
}

/** The UTF-16 index that is `count` code points after the UTF-16 index `from`. */
export function advance(text: string, from: number, count: number): number {
  let index = from;
  for (let left = count; left > 0; left--) index += isPair(text, index) ? 2 : 1;
  return index;
}

/** The first lone surrogate, as "U+D800"; null in well-formed text. */
export function loneSurrogate(text: string): string | null {
  const found = LONE_SURROGATE.exec(text)?.[0];
  return found ? `U+${found.charCodeAt(0).toString(16).toUpperCase()}` : null;
}

/** Tell whether one astral character lies at this UTF-16 index and the next. */
export function isPair(text: string, index: number): boolean {
  return (
    (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00
  );
}
