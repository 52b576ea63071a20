import { expect, test } from "vitest";
import { howToClone } from "./words";

test("Git asks for a password where the room's address alone does not do", () => {
  const pushed = "What you push to main is merged while others type.";
  const password = "The password is an API token of your account.";
  expect(howToClone("editor", true)).toBe(pushed);
  expect(howToClone("viewer", false)).toBe("");
  expect(howToClone("viewer", true)).toBe(`${pushed} ${password}`);
  expect(howToClone("none", false)).toBe(password);
});
