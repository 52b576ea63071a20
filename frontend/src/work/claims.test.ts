/** Tests leases, which are used where there are no locks. */
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Claim, claimsOf } from "./claims";
import { Database } from "./shelf";

const forever = new AbortController().signal;
let page: EventTarget;

beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
  });
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const claims = () => claimsOf(new Database());

/** Tell whether the claim is granted within `ms`. */
async function granted(claim: Promise<Claim>, ms: number): Promise<boolean> {
  let done = false;
  void claim.then(() => {
    done = true;
  });
  for (let passed = 0; passed < ms; passed += 1000) await pass(1000);
  return done;
}

/** Let time pass and the storage answer. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  for (let turn = 0; turn < 3; turn++) await new Database().all("room");
}

test("nobody gets what a page holds that lives, however long", async () => {
  const held = await claims().claim("a", forever);
  expect(await granted(claims().claim("a", forever), 300_000)).toBe(false);
  expect(held.holds()).toBe(true);
});

test("what is released is another's at the next look", async () => {
  const held = await claims().claim("a", forever);
  held.release();
  expect(await granted(claims().claim("a", forever), 2000)).toBe(true);
});

/** Leave the page. If `persisted`, it is put into the browser's cache and may come back. */
const leave = (persisted: boolean) =>
  page.dispatchEvent(Object.assign(new Event("pagehide"), { persisted }));

test("a page that is left gives back what it holds", async () => {
  await claims().claim("a", forever);
  leave(false);
  expect(await granted(claims().claim("a", forever), 2000)).toBe(true);
});

test("a page that was put away and comes back asks, and goes on if nobody had what it held", async () => {
  const held = await claims().claim("a", forever);
  leave(true);
  expect(await held.holds()).toBe(true);
  expect(held.holds()).toBe(true);
  expect(await granted(claims().claim("a", forever), 2000)).toBe(false);
});

test("a page that was put away and comes back learns that another had what it held", async () => {
  const held = await claims().claim("a", forever);
  leave(true);
  const other = await claims().claim("a", forever);
  expect(await held.holds()).toBe(false);
  other.release();
  await pass(1000);
  expect(await held.holds()).toBe(false);
});

test("of pages that slept together none takes what another is about to renew", async () => {
  const held = await claims().claim("a", forever);
  const waiting = claims().claim("a", forever);
  await pass(500);
  vi.setSystemTime(Date.now() + 100_000);
  expect(await granted(waiting, 600)).toBe(false);
  expect(await held.holds()).toBe(true);
  expect(await granted(waiting, 60_000)).toBe(false);
});

test("what a page held that crashed is another's after its term", async () => {
  await claims().claim("a", forever);
  vi.clearAllTimers(); // the page renews its lease no more
  const waiting = claims().claim("a", forever);
  expect(await granted(waiting, 80_000)).toBe(false);
  expect(await granted(waiting, 15_000)).toBe(true);
});

test("a page that slept through its term asks, and learns that another has gone on", async () => {
  const held = await claims().claim("a", forever);
  vi.clearAllTimers();
  vi.setSystemTime(Date.now() + 100_000);
  expect(await granted(claims().claim("a", forever), 2000)).toBe(true);
  expect(await held.holds()).toBe(false);
});

test("a page that slept through its term goes on if nobody has taken its place", async () => {
  const held = await claims().claim("a", forever);
  vi.clearAllTimers();
  vi.setSystemTime(Date.now() + 100_000);
  expect(await held.holds()).toBe(true);
});

test("who waits for what another has may stop, before and while it waits", async () => {
  await claims().claim("a", forever);
  const stopped = new AbortController();
  stopped.abort(new Error("left"));
  await expect(claims().claim("a", stopped.signal)).rejects.toThrow("left");
  const stopping = new AbortController();
  const waiting = claims().claim("a", stopping.signal);
  const refused = expect(waiting).rejects.toThrow("closed");
  await pass(1500);
  stopping.abort(new Error("closed"));
  await refused;
});

test("a page that has released what it held renews it no more, also when it is left", async () => {
  const held = await claims().claim("a", forever);
  held.release();
  const other = await claims().claim("a", forever);
  await pass(20_000);
  leave(true);
  await pass(0);
  expect(await other.holds()).toBe(true);
});

test("where the browser has locks, they are what a claim is", async () => {
  let held: Promise<void> | undefined;
  const request = vi.fn((_name: string, _options: LockOptions, hold: () => Promise<void>) => {
    held = hold();
    return held;
  });
  vi.stubGlobal("navigator", { locks: { request } });
  const claim = await claims().claim("a", forever);
  expect(request.mock.calls[0]?.slice(0, 2)).toEqual(["collab a", { signal: forever }]);
  expect(claim.holds()).toBe(true);
  claim.release();
  await expect(held).resolves.toBeUndefined();
  request.mockImplementationOnce(() => Promise.reject(new Error("aborted")));
  await expect(claims().claim("b", forever)).rejects.toThrow("aborted");
});
