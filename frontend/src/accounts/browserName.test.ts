import { expect, test } from "vitest";
import { browserName } from "./browserName";

test("a browser is told in words", () => {
  const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
  expect(browserName(`Mozilla/5.0 (X11; Linux x86_64) ${chrome}`)).toBe("Chrome on Linux");
  expect(browserName(`Mozilla/5.0 (Linux; Android 15) ${chrome}`)).toBe("Chrome on Android");
  expect(browserName(`Mozilla/5.0 (Windows NT 10.0) ${chrome} Edg/140.0`)).toBe("Edge on Windows");
  expect(browserName("Mozilla/5.0 (Macintosh; Intel Mac OS X) Version/18 Safari/605")).toBe(
    "Safari on macOS",
  );
  expect(browserName("python-httpx/0.28.1")).toBe("python-httpx");
  expect(browserName("")).toBe("A program");
});
