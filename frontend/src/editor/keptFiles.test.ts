import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepFiles, keptFiles } from "./keptFiles";

const storage = new Map<string, string>();
const place = { anchor: 3, head: 5, top: 0 };
const NOTHING = { open: [], active: null, places: {} };

beforeEach(() => {
  storage.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => storage.set(key, value),
    removeItem: (key: string) => storage.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

test("the open files of each room are kept, with where one was in them", () => {
  const one = { open: ["a", "b"], active: "b", places: { a: place } };
  const other = { open: ["c", "d"], active: null, places: {} };
  keepFiles("one", one);
  keepFiles("other", other);
  expect([keptFiles("one"), keptFiles("other"), keptFiles("none")]).toEqual([one, other, NOTHING]);
});

test("of a room's only file the place is kept too", () => {
  keepFiles("one", { open: ["a"], active: "a", places: { a: place } });
  expect(keptFiles("one").places).toEqual({ a: place });
});

test("of very many rooms the last ones are kept", () => {
  for (let n = 0; n < 30; n++) keepFiles(`${n}`, { open: ["a", "b"], active: "a", places: {} });
  expect(keptFiles("29").open).toEqual(["a", "b"]);
  expect(keptFiles("0")).toEqual(NOTHING);
});

test.each([
  "nonsense",
  "{}",
  "[1]",
  '[["one", 7]]',
  '[["one", {"open": 1, "places": [], "active": 3}]]',
])("what storage has may be garbage: %s", (kept) => {
  storage.set("collab.open", kept);
  expect(keptFiles("one")).toEqual(NOTHING);
});

test("of a place that makes no sense nothing is taken", () => {
  const kept = {
    open: ["a", 4, "b"],
    active: "a",
    places: { a: { anchor: -1, head: 0, top: 0 }, b: place },
  };
  storage.set("collab.open", JSON.stringify([["one", kept]]));
  expect(keptFiles("one")).toEqual({ open: ["a", "b"], active: "a", places: { b: place } });
});
