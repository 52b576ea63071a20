import { expect, test } from "vitest";
import type { Work } from "../room";
import {
  asideRecord,
  countOf,
  type Found,
  randomKey,
  textOf,
  understood,
  workRecord,
} from "./records";

const WORK: Work = {
  revision: 3,
  seq: 2,
  inFlight: { change: ["edit", "main", [1, "sent", -1]], count: 2, seq: 2 },
  waiting: [
    { change: ["language", "main", "python"], count: 1 },
    { change: ["edit", "main", ["one", 4, "two"]], count: 3 },
  ],
};

test("records of this version are understood as they were written", () => {
  const work = workRecord("room", "key", WORK);
  expect(understood(work)).toBe(work);
  const aside = asideRecord("room", "key", "why", "text");
  expect(understood(aside)).toBe(aside);
});

test("what pages of other releases find is the version 1 that they know", () => {
  expect(workRecord("room", "key", WORK)).toMatchObject({ version: 1, kind: "work", work: WORK });
});

test.each([
  ["of another version", { ...workRecord("room", "key", WORK), version: 2 }],
  ["with a change of an unknown kind", workRecord("room", "key", unknown())],
  ["that makes no sense", { ...workRecord("room", "key", WORK), work: null }],
])("a record %s is nobody's to read", (_, found) => {
  expect(understood(found as Found)).toBeNull();
});

function unknown(): Work {
  const change = ["someday", "main"] as unknown as Work["waiting"][number]["change"];
  return { ...WORK, waiting: [{ change, count: 1 }] };
}

test("work is counted as its person made it, and told as what it inserted", () => {
  expect(countOf(WORK)).toBe(6);
  expect(countOf({ ...WORK, inFlight: null })).toBe(4);
  expect(textOf(WORK)).toBe("sent\none\ntwo");
});

test("a key is 48 hex digits, and no two are alike", () => {
  const keys = Array.from({ length: 100 }, randomKey);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{48}$/);
  expect(new Set(keys).size).toBe(100);
});
