import { decodeQR } from "qr/decode.js";
import { expect, test } from "vitest";
import { qr } from "./qr";

const SCALE = 4;

test.each([
  "http://localhost:8000/r/5f0c8a52-3c1e-4b6f-9d27-0f6f5b1f2a10",
  `https://code.example.org/${"a-long-path/".repeat(12)}r/5f0c8a52-3c1e-4b6f-9d27-0f6f5b1f2a10`,
])("a camera reads %s from what is drawn", (text) => {
  expect(decodeQR(photograph(qr(text)))).toBe(text);
});

/** The drawing as pixels, with a light margin around it. */
function photograph({ size, path }: ReturnType<typeof qr>) {
  const width = (size + 4) * SCALE;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    const left = (Number(x) + 2) * SCALE;
    const top = (Number(y) + 2) * SCALE;
    for (let row = top; row < top + SCALE; row++) {
      for (let column = left; column < left + Number(run) * SCALE; column++) {
        data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
      }
    }
  }
  return { width, height: width, data };
}
