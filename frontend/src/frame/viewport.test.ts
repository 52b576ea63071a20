import { expect, test } from "vitest";
import { keyboardWatch } from "./viewport";

const seen = (width: number, height: number, scale = 1) => ({ width, height, scale });

test("a keyboard takes more of the screen than a browser's bars", () => {
  const isKeyboardUp = keyboardWatch();
  const heights = [844, 788, 508, 844];
  expect(heights.map((height) => isKeyboardUp(seen(390, height)))).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

test("a phone that is turned has no keyboard for that", () => {
  const isKeyboardUp = keyboardWatch();
  const turned = [seen(390, 844), seen(844, 390), seen(844, 180), seen(390, 844)];
  expect(turned.map(isKeyboardUp)).toEqual([false, false, true, false]);
});

test("who zooms in is left alone", () => {
  const isKeyboardUp = keyboardWatch();
  isKeyboardUp(seen(390, 844));
  expect(isKeyboardUp(seen(195, 422, 2))).toBeNull();
  expect(isKeyboardUp(seen(390, 844))).toBe(false);
});
