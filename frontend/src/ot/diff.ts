import { Operation } from "./operation";
import { codePoints, isPair } from "./text";

/** The operation that turns one text into another. It replaces the part between their common ends. */
export function diff(before: string, after: string): Operation {
  const shorter = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < shorter && before.charCodeAt(prefix) === after.charCodeAt(prefix)) prefix++;
  // The common ends must not cut a character in half.
  if (isPair(before, prefix - 1)) prefix--;
  let end = before.length;
  let newEnd = after.length;
  while (
    end > prefix &&
    newEnd > prefix &&
    before.charCodeAt(end - 1) === after.charCodeAt(newEnd - 1)
  ) {
    end--;
    newEnd--;
  }
  if (isPair(before, end - 1)) {
    end++;
    newEnd++;
  }
  return new Operation([
    codePoints(before.slice(0, prefix)),
    after.slice(prefix, newEnd),
    -codePoints(before.slice(prefix, end)),
    codePoints(before.slice(end)),
  ]);
}
