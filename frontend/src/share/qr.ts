/** A text as a QR code: one path of all its dark squares, in a square of `size` units. */
import { encodeQR } from "qr";

/** Units of light around it, which cameras need; a page that is light there adds to it. */
const BORDER = 2;

export function qr(text: string): { size: number; path: string } {
  const rows = encodeQR(text, "raw", { border: BORDER });
  const path = rows.flatMap((row, y) =>
    row.flatMap((dark, x) => {
      if (!dark || row[x - 1]) return [];
      const width = row.indexOf(false, x) - x;
      return [`M${x} ${y}h${width}v1h-${width}z`];
    }),
  );
  return { size: rows.length, path: path.join("") };
}
