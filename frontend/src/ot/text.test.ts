/** Tests checksums and differences of whole texts. */
import { expect, test } from "vitest";
import { checksum, diff, Operation } from ".";

test.each([
  ["", 0],
  ["123456789", 0xcbf43926],
  ["é漢😀\n", 0x4bfa6906],
])("the checksum of %j is zlib's", (text, expected) => {
  expect(checksum(text)).toBe(expected);
});

test("a long text is summed whole, whatever lies on the borders of its parts", () => {
  const unit = "😀漢é.";
  for (const before of ["", ".", "..", "..."]) {
    const text = before + unit.repeat(40_000);
    expect(checksum(text)).toBe(bitwise(new TextEncoder().encode(text)));
  }
});

test.each([
  ["abc", "abc", [3]],
  ["", "abc", ["abc"]],
  ["abc", "", [-3]],
  ["aXXb", "aYb", [1, "Y", -2, 1]],
  ["aa", "aaa", [2, "a"]],
  ["a😀b", "a😁b", [1, "😁", -1, 1]], // their surrogate pairs begin alike
  ["a😀b", "a\u{1fa00}b", [1, "\u{1fa00}", -1, 1]], // their surrogate pairs end alike
  ["😀", "😀😀", [1, "😀"]],
])("from %j to %j only what lies between their common ends is replaced", (before, after, parts) => {
  expect(diff(before, after).components).toEqual(parts);
});

/** CRC-32 by its definition, bit by bit. */
function bitwise(bytes: Uint8Array): number {
  let remainder = -1;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
    }
  }
  return ~remainder >>> 0;
}

test.each([
  [[5, "ab", 3], 5, 5],
  [["ab", 8], 0, 0],
  [[2, -3, 1, "a", -1, 4], 2, 7],
  [[-2], 0, 2],
])("%j changes the text from %i to %i", (components, from, to) => {
  expect(new Operation(components).extent).toEqual([from, to]);
});
