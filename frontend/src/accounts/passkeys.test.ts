import { expect, test } from "vitest";
import { isNamedSite } from "./passkeys";

test.each([
  ["localhost", true],
  ["pad.example.com", true],
  ["10.example.com", true],
  ["127.0.0.1", false],
  ["192.168.1.7", false],
  ["[::1]", false],
])("%s has a name: %s", (host, named) => {
  expect(isNamedSite(host)).toBe(named);
});
