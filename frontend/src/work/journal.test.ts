import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Work } from "../room";
import { Device, DevicePage } from "../testing/device";
import { someWork } from "../testing/work";
import { Journal } from "./journal";

type Change = Work["waiting"][number]["change"];

let device: Device;
let journal: Journal;
let work: Work | null | undefined;
const lost = vi.fn();

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  device = new Device();
  const page = new DevicePage(device);
  work = null;
  const subject = { room: "room", key: "key", work: () => work, lost };
  journal = new Journal(page, page.claim("key"), subject, null);
  await pass(0);
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Tell whether a change may be sent now. */
function watch(sending: Promise<void>): { readonly may: boolean } {
  const watched = { may: false };
  sending.then(() => {
    watched.may = true;
  });
  return watched;
}

/** The storage carries out its requests, or fails. */
async function answer(fails = false): Promise<void> {
  device.step(fails);
  await pass(0);
}

/** Expect that the device keeps this. */
async function keep(kept: Work): Promise<void> {
  work = kept;
  journal.touch();
  journal.flush();
  await answer();
}

test("what a record has waiting may be sent once another record is written", async () => {
  await keep(someWork(1));
  const sending = watch(journal.written());
  await pass(400);
  expect(sending.may).toBe(false);
  await answer();
  expect(sending.may).toBe(true);
  expect(journal.kept.value).toBe(1);
  expect(journal.complete).toBe(true);
});

test("where no record has anything waiting one change may be sent while it is written, not two", async () => {
  work = {
    revision: 1,
    seq: 1,
    inFlight: { change: ["edit", "main", ["x"]], count: 1, seq: 1 },
    waiting: [],
  };
  const first = watch(journal.written());
  const second = watch(journal.written());
  await pass(0);
  expect(first.may).toBe(true);
  await answer();
  expect(second.may).toBe(false);
  await answer();
  expect(second.may).toBe(true);
});

test("who goes on from a record writes before its own first change", async () => {
  const page = new DevicePage(device);
  const before = { ...someWork(1), waiting: [] };
  const subject = { room: "room", key: "mine", work: () => someWork(2), lost };
  const next = new Journal(page, page.claim("mine"), subject, before);
  await pass(0);
  const sending = watch(next.written());
  await pass(0);
  expect(sending.may).toBe(false);
  await answer();
  expect(sending.may).toBe(true);
});

test("a page that does not know whether it has the claim sends nothing until it knows", async () => {
  work = someWork(1);
  const page = new DevicePage(device);
  let tell: (mine: boolean) => void = () => {};
  const mine = new Promise<boolean>((resolve) => {
    tell = resolve;
  });
  const claim = Promise.resolve({ holds: () => mine, release: () => {} });
  const subject = { room: "room", key: "mine", work: () => work, lost };
  const sleeper = new Journal(page, claim, subject, null);
  await pass(0);
  const sending = watch(sleeper.written());
  await pass(400);
  expect(sending.may).toBe(false);
  tell(true);
  await answer();
  await answer();
  expect(sending.may).toBe(true);
});

test("what is in the log is not counted among what the device keeps", async () => {
  await keep(someWork(3));
  journal.settled(2);
  expect(journal.kept.value).toBe(1);
  journal.touch();
  journal.flush();
  journal.settled(2);
  await answer();
  expect(journal.kept.value).toBe(1);
});

test("what is typed meanwhile is written a tenth of a second later, at once when the page is left", async () => {
  for (const count of [1, 2, 3]) {
    work = someWork(count);
    journal.touch();
    await pass(30);
  }
  expect(device.requests).toHaveLength(0);
  expect(journal.complete).toBe(false);
  await pass(10);
  expect(device.requests).toHaveLength(1);
  work = someWork(4);
  journal.touch();
  journal.flush();
  expect(device.requests).toHaveLength(2);
  await answer();
  expect(journal.kept.value).not.toBe(4);
  await answer();
  expect(journal.kept.value).toBe(4);
  expect(journal.complete).toBe(true);
});

test("work that others have moved is written again, and is kept meanwhile", async () => {
  await keep(someWork(1));
  journal.moved();
  expect(journal.complete).toBe(true);
  await pass(100);
  expect(device.requests).toHaveLength(1);
  expect(journal.complete).toBe(true);
  await answer();
  journal.moved();
  journal.flush();
  expect(device.requests).toHaveLength(1);
  journal.flush();
  expect(device.requests).toHaveLength(1);
  await answer(true);
  expect(journal.complete).toBe(false);
});

test("where writing is slow less is written", async () => {
  work = someWork(1);
  journal.flush();
  journal.touch();
  journal.flush();
  await pass(50);
  await answer();
  work = someWork(2);
  journal.touch();
  await pass(400);
  expect(device.requests).toHaveLength(0);
  await pass(60);
  expect(device.requests).toHaveLength(1);
});

test("the record goes when there is nothing to keep", async () => {
  work = someWork(1);
  journal.written();
  await answer();
  expect(device.records.size).toBe(1);
  work = null;
  journal.touch();
  await pass(100);
  await answer();
  expect(device.records.size).toBe(0);
});

test("storage that tarries is waited for half a second, and not again until it answers", async () => {
  await keep(someWork(1));
  const sending = watch(journal.written());
  await pass(499);
  expect(sending.may).toBe(false);
  await pass(1);
  expect(sending.may).toBe(true);
  expect(journal.kept.value).toBeNull();
  const next = watch(journal.written());
  await pass(0);
  expect(next.may).toBe(true);
  await answer();
  await answer();
  expect(journal.kept.value).toBe(1);
  const healthy = watch(journal.written());
  await pass(0);
  expect(healthy.may).toBe(false);
});

test("where a record cannot be written the one before is removed before the change is sent", async () => {
  work = someWork(1);
  journal.written();
  await answer();
  work = someWork(2);
  const sending = watch(journal.written());
  await answer(true);
  expect(journal.kept.value).toBeNull();
  expect(journal.complete).toBe(false);
  expect(sending.may).toBe(false);
  await answer();
  expect(device.records.size).toBe(0);
  expect(sending.may).toBe(true);
});

test("where one record cannot be written and the next one can, that one stays", async () => {
  for (const count of [1, 2]) {
    work = someWork(count);
    journal.touch();
    journal.flush();
  }
  await answer(true);
  await answer();
  expect(device.requests).toHaveLength(0);
  expect(device.records.size).toBe(1);
  expect(journal.kept.value).toBe(2);
  expect(journal.complete).toBe(true);
});

test("storage that failed is tried again", async () => {
  work = someWork(1);
  journal.touch();
  await pass(100);
  await answer(true);
  await answer();
  await pass(5000);
  await answer();
  expect(journal.kept.value).toBe(1);
  expect(device.records.size).toBe(1);
});

test("after forgetting, the last record stays until there is something else to say", async () => {
  work = someWork(1);
  journal.written();
  await answer();
  work = undefined;
  journal.touch();
  await pass(200);
  expect(device.requests).toHaveLength(0);
  expect(journal.complete).toBe(false);
});

test("where nothing is kept nothing is said to be when some of it is saved", async () => {
  await keep(someWork(2));
  journal.touch();
  journal.flush();
  await answer(true);
  expect(journal.kept.value).toBeNull();
  journal.settled(1);
  expect(journal.kept.value).toBeNull();
});

test("several changes are written once, and once more when the page is left only if need be", async () => {
  work = someWork(1);
  for (let times = 0; times < 3; times++) journal.touch();
  await pass(500);
  expect(device.requests).toHaveLength(1);
  journal.flush();
  expect(device.requests).toHaveLength(1);
});

test("a page that gave up, or is closed with everything written, writes nothing more", async () => {
  await keep(someWork(1));
  await journal.close();
  work = someWork(2);
  journal.touch();
  journal.flush();
  await pass(500);
  expect(device.requests).toEqual([]);
});

test("where there is no record and nothing to keep the storage is left alone", async () => {
  journal.touch();
  await pass(500);
  expect(device.requests).toEqual([]);
  expect(journal.complete).toBe(true);
});

test("what a change waits for is over when there is nothing to tell", async () => {
  await keep(someWork(1));
  work = undefined;
  const sending = watch(journal.written());
  await pass(0);
  expect(sending.may).toBe(true);
});

test("a record with nothing waiting is one that the next change need not wait for", async () => {
  const inFlight = { change: ["edit", "main", ["x"]] as Change, count: 1, seq: 1 };
  await keep({ revision: 1, seq: 1, inFlight, waiting: [] });
  const sending = watch(journal.written());
  await pass(0);
  expect(sending.may).toBe(true);
});

test("a write that was in time stays one, however long nothing follows", async () => {
  await keep(someWork(1));
  void journal.written();
  await answer();
  await pass(1000);
  expect(journal.kept.value).toBe(1);
});

test("storage that tarries is asked again after five seconds, not with every key", async () => {
  await keep(someWork(1));
  void journal.written();
  await pass(500);
  expect(journal.kept.value).toBeNull();
  journal.touch();
  await pass(4900);
  expect(device.requests).toHaveLength(1);
  await pass(200);
  expect(device.requests).toHaveLength(2);
});

test("what failed is written again when the page is left", async () => {
  work = someWork(1);
  journal.touch();
  journal.flush();
  await answer(true);
  await answer();
  expect(device.requests).toEqual([]);
  journal.flush();
  await answer();
  expect(device.records.size).toBe(1);
});

test("a record that could not be removed is removed later", async () => {
  await keep(someWork(1));
  work = null;
  journal.touch();
  journal.flush();
  await answer(true);
  await answer(true);
  expect(device.records.size).toBe(1);
  await pass(5000);
  await answer();
  expect(device.records.size).toBe(0);
});

test("a change waits for the later record where the one of its own failed", async () => {
  await keep(someWork(1));
  work = someWork(2);
  const sending = watch(journal.written());
  work = someWork(3);
  journal.touch();
  journal.flush();
  await answer(true);
  expect(sending.may).toBe(false);
  await answer();
  expect(sending.may).toBe(true);
  expect(device.records.size).toBe(1);
});
