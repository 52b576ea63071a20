import { expect, test } from "vitest";
import { kindOf, sizeWords } from "./kinds";

test.each([
  ["logo.PNG", "image", "PNG image"],
  ["a.jpg", "image", "JPEG image"],
  ["a.avif", "image", "AVIF image"],
  ["a.mp3", "audio", "MP3 audio"],
  ["a.webm", "video", "WEBM video"],
  ["a.pdf", "nothing", "PDF document"],
  ["a.bin", "nothing", "BIN file"],
  ["noending", "nothing", "Binary file"],
])("%s is shown as %s and called %s", (name, shown, words) => {
  expect(kindOf(name)).toEqual({ shown, words });
});

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [3400, "3.4 KB"],
  [25_000, "25 KB"],
  [999_499, "999 KB"],
  [999_900, "1.0 MB"],
  [26_214_400, "26 MB"],
])("%d bytes are %s", (bytes, words) => expect(sizeWords(bytes)).toBe(words));
