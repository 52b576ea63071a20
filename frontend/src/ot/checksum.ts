/** Bytes encoded at a time. */
const CHUNK = 65_536;
const encoder = new TextEncoder();
const buffer = new Uint8Array(CHUNK);

/** The remainder for each byte: the table of the polynomial 0x04C11DB7, lowest bit first. */
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  }
  return remainder;
});

/** CRC-32 of a text in UTF-8: 0 … 2**32 - 1. */
export function checksum(text: string): number {
  let remainder = -1;
  for (let rest = text; rest; ) {
    const { read, written } = encoder.encodeInto(rest, buffer);
    for (let i = 0; i < written; i++) {
      const byte = (remainder ^ (buffer[i] as number)) & 0xff;
      remainder = (TABLE[byte] as number) ^ (remainder >>> 8);
    }
    rest = rest.slice(read);
  }
  return ~remainder >>> 0;
}
