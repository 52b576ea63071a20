import { expect, test } from "vitest";
import {
  isPointless,
  limitsOf,
  mayTalk,
  mayWrite,
  ROLES,
  sentenceOf,
  standingOf,
  whyNot,
} from "./standing";

test("who is told nothing of it is an editor of an open room", () => {
  const standing = standingOf({ type: "joined" });
  expect(standing).toEqual({ role: "editor", open: "editor", locked: false, owned: false });
  expect(mayWrite(standing)).toBe(true);
});

test("editors and owners write", () => {
  expect(ROLES.filter((role) => mayWrite({ role }))).toEqual(["editor", "owner"]);
});

test("one sentence says who can do what", () => {
  const said = (["editor", "viewer", "ask", "none"] as const).map((open) =>
    sentenceOf(standingOf({ open })),
  );
  expect(new Set(said).size).toBe(4);
  expect(sentenceOf(standingOf({ locked: true }))).toContain("only the owner can write");
  expect(sentenceOf(standingOf({ locked: true, open: "none" }))).not.toContain("link");
});

test("a lock is the reason before the role", () => {
  expect(whyNot(standingOf({ role: "viewer", locked: true }))).toContain("locked");
  expect(whyNot(standingOf({ role: "commenter" }))).toContain("commenter");
});

test("a link is pointless that gives what the address gives", () => {
  const open = standingOf({ open: "editor" });
  expect(isPointless("viewer", open) && isPointless("editor", open)).toBe(true);
  expect(isPointless("editor", standingOf({ open: "viewer" }))).toBe(false);
  expect(isPointless("viewer", standingOf({ open: "none" }))).toBe(false);
});

test("who may talk is a part of the role", () => {
  expect(ROLES.filter((role) => mayTalk({ role }))).toEqual(["commenter", "editor", "owner"]);
});

test("a link says how often it was used, and until when it works", () => {
  const now = new Date(2026, 0, 2, 12).getTime();
  const until = new Date(2026, 0, 3, 9, 5).toISOString();
  expect(limitsOf({ uses: 1, most: null, expires_at: null })).toBe("used once");
  expect(limitsOf({ uses: 0, most: null, expires_at: null })).toBe("not used yet");
  expect(limitsOf({ uses: 2, most: 3, expires_at: until }, now)).toBe(
    "used 2 of 3 times, until Jan 3, 09:05",
  );
  expect(limitsOf({ uses: 2, most: 3, expires_at: until }, now + 86_400_000)).toBe(
    "used 2 of 3 times, expired",
  );
});
