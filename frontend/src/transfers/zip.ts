/**
 * Makes zips and reads their directories. Files travel to the server in a zip, so that the server alone
 * decides which file is a text and which names can be kept. Nothing is compressed: the zip consists of
 * the files themselves, which the browser reads from the disk while it sends them.
 */
import type { Incoming } from "./gather";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const MOST_COMMENT = 0xffff;
const VERSION = 20;
const NAMES_ARE_UTF8 = 0x0800;
/** 1 January 1980, the earliest date that a zip can hold. */
const FIRST_DAY = 0x21;

const encoder = new TextEncoder();

export interface Zip {
  blob: Blob;
  /** The paths of files that the browser could not read. */
  unread: string[];
}

/** Make a zip of these files. */
export async function zipOf(files: readonly Incoming[]): Promise<Zip> {
  const parts: BlobPart[] = [];
  const directory: BlobPart[] = [];
  const unread: string[] = [];
  let [offset, count, directoryBytes] = [0, 0, 0];
  for (const { path, file } of files) {
    const crc = file ? await crcOf(file).catch(() => null) : 0;
    if (crc === null) {
      unread.push(path);
      continue;
    }
    const name = encoder.encode(file ? path : `${path}/`);
    const size = file?.size ?? 0;
    const common = [crc, size, size] as const;
    const local = fields(LOCAL_BYTES, [
      [4, LOCAL],
      [2, VERSION],
      [2, NAMES_ARE_UTF8],
      [4, 0],
      [2, FIRST_DAY],
      ...common.map((value) => [4, value] as const),
      [2, name.length],
    ]);
    const central = fields(CENTRAL_BYTES, [
      [4, CENTRAL],
      [2, VERSION],
      [2, VERSION],
      [2, NAMES_ARE_UTF8],
      [4, 0],
      [2, FIRST_DAY],
      ...common.map((value) => [4, value] as const),
      [2, name.length],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, 0],
      [4, offset],
    ]);
    parts.push(local, name, ...(file ? [file] : []));
    directory.push(central, name);
    offset += LOCAL_BYTES + name.length + size;
    directoryBytes += CENTRAL_BYTES + name.length;
    count++;
  }
  const end = fields(END_BYTES, [
    [4, END],
    [4, 0],
    [2, count],
    [2, count],
    [4, directoryBytes],
    [4, offset],
  ]);
  return { blob: new Blob([...parts, ...directory, end]), unread };
}

/**
 * Return the names in the directory of a zip; none when it is no zip that this code can read. The
 * server has the last word.
 */
export async function namesIn(zip: Blob): Promise<string[]> {
  const tail = await viewOf(zip.slice(Math.max(0, zip.size - END_BYTES - MOST_COMMENT)));
  let end = tail.byteLength - END_BYTES;
  while (end >= 0 && tail.getUint32(end, true) !== END) end--;
  if (end < 0) return [];
  const [bytes, start] = [tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
  const directory = await viewOf(zip.slice(start, start + bytes));
  const names: string[] = [];
  let at = 0;
  while (at + CENTRAL_BYTES <= directory.byteLength && directory.getUint32(at, true) === CENTRAL) {
    const [name, extra, comment] = [28, 30, 32].map((field) =>
      directory.getUint16(at + field, true),
    );
    const from = at + CENTRAL_BYTES;
    const written = new Uint8Array(directory.buffer).subarray(from, from + (name ?? 0));
    names.push(new TextDecoder().decode(written));
    at = from + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return names;
}

async function viewOf(blob: Blob): Promise<DataView> {
  return new DataView(await blob.arrayBuffer());
}

/** Write little-endian numbers of 2 or 4 bytes one after the other, then zeros up to `length`. */
function fields(length: number, values: readonly (readonly [2 | 4, number])[]) {
  const view = new DataView(new ArrayBuffer(length));
  let at = 0;
  for (const [bytes, value] of values) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return view;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/**
 * Compute the checksum of a file for a zip, reading it piece by piece. Rejects when the file cannot be
 * read.
 */
async function crcOf(file: Blob): Promise<number> {
  let crc = 0xffffffff;
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return (crc ^ 0xffffffff) >>> 0;
    for (const byte of value) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  }
}
