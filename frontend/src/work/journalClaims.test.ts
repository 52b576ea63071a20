import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Work } from "../room";
import { Device, DevicePage } from "../testing/device";
import { someWork } from "../testing/work";
import type { Claim } from "./claims";
import { Journal } from "./journal";

let device: Device;
let work: Work | null | undefined;
const lost = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  device = new Device();
  work = null;
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** The journal of another page, which has this claim. */
function another(claim: Promise<Claim>, before: Work | null = null): Journal {
  const subject = { room: "room", key: "mine", work: () => work, lost };
  return new Journal(new DevicePage(device), claim, subject, before);
}

const claimThat = (holds: Claim["holds"]) => ({ holds, release: vi.fn() });

test("whose work was left to another page says nothing of it any more", async () => {
  const page = new DevicePage(device);
  const claim = Promise.resolve({ holds: () => Promise.resolve(false), release: () => {} });
  const replaced = vi.fn();
  const subject = { room: "room", key: "mine", work: () => someWork(1), lost: replaced };
  const other = new Journal(page, claim, subject, null);
  await pass(0);
  other.touch();
  expect(await other.mine()).toBe(false);
  other.abandon();
  await pass(1000);
  expect(replaced).not.toHaveBeenCalled();
});

test("who has lost the claim writes nothing and says so", async () => {
  const page = new DevicePage(device);
  const claim = Promise.resolve({ holds: () => Promise.resolve(false), release: () => {} });
  const subject = { room: "room", key: "mine", work: () => someWork(1), lost };
  const other = new Journal(page, claim, subject, null);
  await pass(0);
  await other.written();
  expect(lost).toHaveBeenCalledOnce();
  expect(device.requests).toHaveLength(0);
  expect(await other.mine()).toBe(false);
});

test("nobody else has the work of a page without a claim, or of one that cannot ask", async () => {
  expect(await another(Promise.reject(new Error("no storage"))).mine()).toBe(true);
  const asking = another(Promise.resolve(claimThat(() => Promise.reject(new Error("broken")))));
  await pass(0);
  expect(await asking.mine()).toBe(true);
});

test("a claim that comes when the page has given it up is released", async () => {
  const claim = claimThat(() => true);
  const late = another(pass(0).then(() => claim));
  late.abandon();
  await pass(0);
  expect(claim.release).toHaveBeenCalledOnce();
  late.touch();
  late.flush();
  expect(device.requests).toEqual([]);
});

test("what was typed before the claim came is written when it comes, and not otherwise", async () => {
  work = someWork(1);
  another(Promise.resolve(claimThat(() => true)));
  await pass(0);
  expect(device.requests).toEqual([]);
  another(Promise.resolve(claimThat(() => true))).touch();
  await pass(0);
  expect(device.requests).toHaveLength(1);
});

test("what a record holds that the page goes on from is kept from the start", async () => {
  const next = another(Promise.resolve(claimThat(() => true)), someWork(3));
  await pass(0);
  expect(next.kept.value).toBe(3);
});

test("who has lost the claim says so once, and keeps nothing", async () => {
  const loser = another(Promise.resolve(claimThat(() => Promise.resolve(false))));
  await pass(0);
  expect(loser.kept.value).toBe(0);
  lost.mockClear();
  for (let times = 0; times < 2; times++) {
    loser.touch();
    loser.flush();
    await pass(0);
  }
  expect(lost).toHaveBeenCalledOnce();
  expect(loser.kept.value).toBeNull();
  expect(await loser.mine()).toBe(false);
});
