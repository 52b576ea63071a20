/**
 * Checks the names of files and folders: which names every desktop can store, and which count as the
 * same. The server has the same rules and the last word; both run `tests/vectors/changes.json`.
 */

const FORBIDDEN = /[<>:"/\\|?*]/;
/**
 * Control characters, line separators, halves of characters, and characters that change the direction
 * of writing.
 */
const UNSEEN = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])$/;
/** The most bytes of a name. */
export const MOST_BYTES = 255;

const encoder = new TextEncoder();

/** Explain in words why a file or folder cannot have this name; null when it can. */
export function wrongName(name: string, most = MOST_BYTES): string | null {
  if (!name) return "A name has at least one character.";
  if (bytes(name) > most) return `The name is longer than ${most} bytes.`;
  const forbidden = FORBIDDEN.exec(name);
  if (forbidden) return `A name cannot have the character ${forbidden[0]}`;
  if (UNSEEN.test(name)) return "A name cannot have a character that is not seen.";
  if (/[. ]$/.test(name)) return "A name cannot end with a dot or a space.";
  const stem = (name.split(".")[0] ?? "").trimEnd().toLowerCase();
  if (RESERVED.test(stem)) return `Windows keeps the name ${name} for itself.`;
  if (/^(\.git|git~1)$/.test(name.toLowerCase().replace(/\p{Cf}/gu, ""))) {
    return `Git keeps the name ${name} for itself.`;
  }
  return null;
}

/**
 * Return the key of a name. Two nodes of one folder cannot have the same key. Names that differ only in
 * case or in Unicode normalization have the same key.
 */
export function keyOf(name: string): string {
  if (/^[a-z0-9_.-]*$/.test(name)) return name;
  const folded = name.normalize("NFC").toUpperCase().toLowerCase().replaceAll("ς", "σ");
  return folded.normalize("NFC");
}

/** Return the name; if it is taken, the first free one of `utils_2.py`, `utils_3.py`, … */
export function spareName(
  name: string,
  isTaken: (name: string) => boolean,
  most = MOST_BYTES,
): string {
  if (!isTaken(name)) return name;
  const dot = name.lastIndexOf(".");
  const stem = dot > 0 ? name.slice(0, dot) : name;
  const ending = dot > 0 ? name.slice(dot) : "";
  for (let number = 2; ; number++) {
    const tail = `_${number}${ending}`;
    const room = most - bytes(tail);
    const letters = [...stem];
    while (bytes(letters.join("")) > room) letters.pop();
    const spare = letters.join("") + tail;
    if (!isTaken(spare)) return spare;
  }
}

function bytes(text: string): number {
  return encoder.encode(text).length;
}
