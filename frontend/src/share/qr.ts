/** Make a QR code of a text: one path of all its dark squares, in a square of `size` units. */
import { encodeQR } from "qr";

/** Units of light margin around the code, which cameras need. A light page around it adds to the margin. */
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
