import { expect, test } from "vitest";
import { when } from "./when";

test("a time is told by its largest whole unit", () => {
  const now = 1_700_000_000_000;
  expect(when(now - 30_000, now)).toBe("just now");
  expect(when(now - 60_000, now)).toBe("1 minute ago");
  expect(when(now - 7_300_000, now)).toBe("2 hours ago");
  expect(when(now - 86_400_000, now)).toBe("yesterday");
  expect(when(now + 90 * 86_400_000, now)).toBe("in 3 months");
});
