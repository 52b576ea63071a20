/** One contract for both shelves: IndexedDB, and the device of the simulation. */
import { IDBDatabase as FDBDatabase, IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Device, DevicePage } from "../testing/device";
import { asideRecord, type Kept, workRecord } from "./records";
import { Database, type Shelf } from "./shelf";

const WORK = { revision: 3, seq: 2, inFlight: null, waiting: [] };

const work = (key: string, room = "room"): Kept => workRecord(room, key, WORK);

let stepping: ReturnType<typeof setInterval> | undefined;

/** A device of the simulation that answers by itself. */
function simulated(): Shelf {
  const device = new Device();
  stepping = setInterval(() => device.step(), 0);
  return new DevicePage(device);
}

beforeEach(() => {
  vi.stubGlobal("indexedDB", new IDBFactory());
});

afterEach(() => {
  clearInterval(stepping);
  vi.unstubAllGlobals();
});

describe.each([
  ["IndexedDB", () => new Database()],
  ["the simulation's device", simulated],
])("%s", (_, open: () => Shelf) => {
  test("gives what was put, until it is removed", async () => {
    const shelf = open();
    await shelf.put(work("a"));
    expect(await shelf.get("a")).toMatchObject({ key: "a", kind: "work", work: WORK });
    await shelf.remove("a");
    expect(await shelf.get("a")).toBeUndefined();
  });

  test("has one record for a key, the last one put", async () => {
    const shelf = open();
    await Promise.all([shelf.put(work("a")), shelf.put(asideRecord("room", "a", "why", "text"))]);
    expect(await shelf.all("room")).toMatchObject([{ key: "a", kind: "aside" }]);
  });

  test("does things in the order in which it was asked for them", async () => {
    const shelf = open();
    await shelf.put(work("a"));
    const all = [shelf.put(work("b")), shelf.remove("a"), shelf.put(work("a")), shelf.remove("b")];
    await Promise.all(all);
    expect((await shelf.all("room")).map(({ key }) => key)).toEqual(["a"]);
  });

  test("tells the records of one room", async () => {
    const shelf = open();
    await Promise.all([shelf.put(work("a")), shelf.put(work("b", "elsewhere"))]);
    expect((await shelf.all("room")).map(({ key }) => key)).toEqual(["a"]);
  });

  test("keeps what a record was when it was put", async () => {
    const shelf = open();
    await shelf.all("room");
    const record = { ...work("a"), at: 1 };
    const putting = shelf.put(record);
    record.at = 2;
    await putting;
    expect(await shelf.get("a")).toMatchObject({ at: 1 });
  });
});

test("a database is opened again after a later version of the page wanted it closed", async () => {
  const shelf = new Database();
  await shelf.put(work("a"));
  await new Promise((resolve) => {
    indexedDB.deleteDatabase("collab").onsuccess = resolve;
  });
  await shelf.put(work("b"));
  expect((await shelf.all("room")).map(({ key }) => key)).toEqual(["b"]);
});

test("a database that was closed under the page rejects, and is opened again the next time", async () => {
  const shelf = new Database();
  const open = vi.spyOn(indexedDB, "open");
  await shelf.put(work("a"));
  const closed = vi.spyOn(FDBDatabase.prototype, "transaction").mockImplementationOnce(() => {
    throw new DOMException("The database connection is closing.", "InvalidStateError");
  });
  await expect(shelf.put(work("b"))).rejects.toThrow("closing");
  closed.mockRestore();
  await shelf.put(work("c"));
  expect(open).toHaveBeenCalledTimes(2);
  expect((await shelf.all("room")).map(({ key }) => key)).toEqual(["a", "c"]);
});

test("a write is on its way when the page has no time for more", async () => {
  const shelf = new Database();
  await shelf.put(work("a"));
  void shelf.put(work("a2"));
  expect((await new Database().all("room")).map(({ key }) => key)).toEqual(["a", "a2"]);
});

test("without storage every request is rejected", async () => {
  vi.stubGlobal("indexedDB", undefined);
  const shelf = new Database();
  await expect(shelf.put(work("a"))).rejects.toThrow();
  await expect(shelf.all("room")).rejects.toThrow();
});

test("a database that could not be opened is tried again the next time", async () => {
  const shelf = new Database();
  vi.spyOn(indexedDB, "open").mockImplementationOnce(() => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  });
  await expect(shelf.put(work("a"))).rejects.toThrow("insecure");
  await shelf.put(work("b"));
  expect((await shelf.all("room")).map(({ key }) => key)).toEqual(["b"]);
});

test("a database that the browser has closed is opened again", async () => {
  const shelf = new Database();
  const open = vi.spyOn(indexedDB, "open");
  await shelf.put(work("a"));
  const request = open.mock.results[0]?.value as IDBOpenDBRequest;
  request.result.onclose?.(new Event("close"));
  await shelf.put(work("b"));
  expect(open).toHaveBeenCalledTimes(2);
  expect((await shelf.all("room")).map(({ key }) => key)).toEqual(["a", "b"]);
});

test("records of a room come the oldest first", async () => {
  const shelf = new Database();
  for (const [key, at] of [
    ["a", 3],
    ["b", 1],
    ["c", 2],
  ] as const) {
    await shelf.put({ ...work(key), at });
  }
  expect((await shelf.all("room")).map(({ key }) => key)).toEqual(["b", "c", "a"]);
});

test("a lease is changed by one page at a time, and not where nothing is to be written", async () => {
  const shelf = new Database();
  const lease = (until: number) => ({ key: "a", holder: 1, until });
  expect(await shelf.change("a", (before) => (before === undefined ? lease(1) : null))).toBe(true);
  expect(await shelf.change("a", (before) => (before === undefined ? lease(2) : null))).toBe(false);
  const seen: unknown[] = [];
  await shelf.change("a", (before) => {
    seen.push(before);
    return null;
  });
  expect(seen).toEqual([lease(1)]);
});
