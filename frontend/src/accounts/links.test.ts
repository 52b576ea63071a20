import { expect, test } from "vitest";
import { linkIn } from "./links";

const SECRET = "abcdefghijklmnopqrstuvwxyz0123456789_-ABCDE";

test("a link of an e-mail is known by its fragment", () => {
  expect(linkIn(`#reset=${SECRET}`)).toEqual({ kind: "reset", secret: SECRET });
  expect(linkIn(`#confirm=${SECRET}`)?.kind).toBe("confirm");
  expect(linkIn(`#invite=${SECRET}`)?.kind).toBe("invite");
});

test("an issuer sends people back with the code of what went wrong", () => {
  expect(linkIn("#sign-in-failed=state")).toEqual({ kind: "failed", secret: "state" });
  expect(linkIn("#sign-in-failed=<b>")).toBeNull();
});

test("any other fragment is no link", () => {
  for (const fragment of [
    "",
    "#",
    "#reset=",
    "#reset=short",
    `#delete=${SECRET}`,
    `#reset=${SECRET}/../x`,
    `#reset=${SECRET}#more`,
    "#L12",
  ]) {
    expect(linkIn(fragment)).toBeNull();
  }
});
