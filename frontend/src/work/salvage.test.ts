/** Tests how one page finds the work of pages that are gone. survival.test.ts tests what becomes of the work. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CommittedLog, FILE } from "../testing/committedLog";
import { Device, DevicePage } from "../testing/device";
import { Server } from "../testing/wire";
import type { Author } from "./author";
import { asideRecord, workRecord } from "./records";
import { type Finder, Salvage } from "./salvage";

const PROFILE = { person: "p", name: "Ann", colour: 0 };

let device: Device;
let page: DevicePage;
let server: Server;
let salvage: Salvage;
let finder: Record<keyof Finder, ReturnType<typeof vi.fn>>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
  device = new Device();
  page = new DevicePage(device);
  server = new Server(new CommittedLog("abc", 20));
  finder = { lost: vi.fn(), found: vi.fn() };
  const connect = server.connect.bind(server);
  const place = { room: "room", shelf: page, connect, profile: () => PROFILE };
  salvage = new Salvage(place, page, finder as unknown as Finder);
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

async function answer(): Promise<void> {
  await settle();
  while (device.requests.length > 0) {
    device.step();
    await settle();
  }
}

/** Keep this record of a page that is gone. */
function left(key: string, text: string, count = 1): void {
  const waiting = [
    { change: ["edit", FILE, [3, text]] as ["edit", string, [number, string]], count },
  ];
  device.records.set(
    key,
    workRecord("room", key, { revision: 0, seq: 0, inFlight: null, waiting }),
  );
}

/** The author whose work the page continues, once that is known. */
function watch(): { author?: Author } {
  const seen: { author?: Author } = {};
  salvage.author().then((author) => {
    seen.author = author;
  });
  return seen;
}

/** Open the page as a new client. */
async function opened(): Promise<void> {
  const seen = watch();
  await answer();
  expect(seen.author?.work).toBeNull();
}

/** Deliver all messages on the links, and those that follow from them. */
async function converse(): Promise<void> {
  for (let rounds = 0; rounds < 8; rounds++) {
    for (const wire of server.wires) {
      if (wire.mayOpen) wire.open();
      for (const link of server.links) while (link.up.length > 0) server.serve(link);
      while (wire.link?.down.length) wire.read();
    }
    await settle();
    await answer();
  }
}

test("a page that finds nothing is somebody new at once", async () => {
  const seen = watch();
  await answer();
  expect(seen.author).toMatchObject({ work: null });
  expect(device.holds(seen.author?.key ?? "", page)).toBe(true);
  expect(salvage.atRisk).toBe(false);
});

test("a page adopts what was left, key and all", async () => {
  left("gone", "left");
  const seen = watch();
  await answer();
  expect(seen.author).toMatchObject({ key: "gone", work: { waiting: [{ count: 1 }] } });
  // The work is the page's own now, so it is not counted with that of others.
  void salvage.look();
  await answer();
  expect(salvage.unsaved.value).toBe(0);
});

test("it waits for what another page still has, but not for long", async () => {
  left("busy", "left");
  void new DevicePage(device).claim("busy");
  const seen = watch();
  await answer();
  await vi.advanceTimersByTimeAsync(900);
  expect(seen.author).toBeUndefined();
  await vi.advanceTimersByTimeAsync(100);
  expect(seen.author).toMatchObject({ work: null });
});

test("what is left later is saved over a link of its own, and counted until it is", async () => {
  await opened();
  left("one", "1", 2);
  left("two", "2", 3);
  void salvage.look();
  await answer();
  expect(salvage.unsaved.value).toBe(5);
  expect(salvage.kept.value).toBe(5);
  expect(salvage.atRisk).toBe(false);
  expect(server.wires).toHaveLength(2);
  await converse();
  expect(server.log.text).toHaveLength(5);
  expect(salvage.unsaved.value).toBe(0);
  expect(salvage.kept.value).toBe(0);
  expect(device.records.size).toBe(0);
  expect(finder.lost).not.toHaveBeenCalled();
  // A record with the same key can be left again, and is found again.
  left("one", "3");
  void salvage.look();
  await answer();
  expect(salvage.unsaved.value).toBe(1);
});

test("a record that is looked for twice is taken once", async () => {
  await opened();
  left("one", "1");
  void salvage.look();
  void salvage.look();
  await answer();
  void salvage.look();
  await answer();
  expect(server.wires).toHaveLength(1);
});

test("what was gone by the time that it came free is left alone", async () => {
  await opened();
  left("one", "1");
  const other = new DevicePage(device);
  const claim = other.claim("one");
  void salvage.look();
  await answer();
  device.records.clear();
  (await claim).release();
  await answer();
  expect(server.wires).toHaveLength(0);
  expect(finder.found).not.toHaveBeenCalled();
  expect(device.holds("one", page)).toBe(false);
});

test("a text that was set aside, and what cannot be read, are offered", async () => {
  await opened();
  const aside = asideRecord("room", "aside", "why", "text");
  const strange = { key: "strange", room: "room", at: 1, version: 99 };
  device.records.set("aside", aside);
  device.records.set("strange", strange);
  void salvage.look();
  await answer();
  expect(finder.found.mock.calls).toEqual([[aside], [strange]]);
  expect(server.wires).toHaveLength(0);
});

test("what the room refuses is handed to the person", async () => {
  await opened();
  left("one", "more than there is room for");
  void salvage.look();
  await answer();
  await converse();
  expect(finder.lost).toHaveBeenCalledWith(
    expect.stringContaining("not saved"),
    "more than there is room for",
  );
  expect(salvage.unsaved.value).toBe(0);
});

test("what does not fit the room is handed to the person", async () => {
  await opened();
  left("one", "1");
  server.log.text = "another text than it stands on";
  void salvage.look();
  await answer();
  await converse();
  expect(finder.lost).toHaveBeenCalledWith(expect.stringContaining("does not fit"), "1");
  expect(salvage.unsaved.value).toBe(0);
});

test("a page that closes leaves what is not saved to others, and waits for nothing more", async () => {
  await opened();
  left("one", "1");
  void salvage.look();
  await answer();
  salvage.close();
  await answer();
  expect(device.holds("one", page)).toBe(false);
  expect(device.records.has("one")).toBe(true);
  expect(server.wires[0]?.mayOpen).toBe(false);
});

test("a page that gives its key up may go on with what it left", async () => {
  const seen = watch();
  await answer();
  const key = seen.author?.key ?? "";
  const next = salvage.newcomer();
  expect(next.key).not.toBe(key);
  device.expire(page);
  left(key, "1");
  void salvage.look();
  await answer();
  expect(salvage.unsaved.value).toBe(1);
});

test("without storage the page opens all the same", async () => {
  page.all = () => Promise.reject(new Error("no storage"));
  const seen = watch();
  await settle();
  expect(seen.author).toMatchObject({ work: null });
});
