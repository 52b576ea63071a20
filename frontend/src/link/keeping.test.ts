/** Tests how an exchange handles other pages, refused connections and the storage of the device. */
import { describe, expect, test, vi } from "vitest";
import { FILE } from "../testing/committedLog";
import { DevicePage } from "../testing/device";
import {
  answer,
  author,
  close,
  commit,
  device,
  enter,
  error,
  exchange,
  line,
  link,
  owner,
  page,
  screen,
  settle,
  type,
} from "../testing/exchanging";
import { CLOSED } from "./connection";

describe("being turned away", () => {
  test.each([
    "host_not_allowed",
    "origin_not_allowed",
    "room_full",
    "too_fast",
    "too_much_unfinished",
  ])("%s is told once, however often it is tried, and again after it went well", async (code) => {
    exchange.start(author("ann"));
    await error(code, undefined, "full");
    await error(code, undefined, "full");
    expect(screen.turnedAway.mock.calls).toEqual([["full"]]);
    await error(code, undefined, "fuller");
    expect(screen.turnedAway).toHaveBeenCalledTimes(2);
    expect(line.restart).not.toHaveBeenCalled();
    await link();
    await error(code, undefined, "fuller");
    expect(screen.turnedAway).toHaveBeenCalledTimes(3);
  });

  test.each(["room_not_found", "unsupported_protocol", "join_timeout"])(
    "what %s means the close code says",
    async (code) => {
      exchange.start(author("ann"));
      await error(code);
      expect(screen.turnedAway).not.toHaveBeenCalled();
      expect(line.restart).not.toHaveBeenCalled();
    },
  );

  test.each([
    [CLOSED.missing, "missing"],
    [CLOSED.outdated, "outdated"],
    [CLOSED.full, "opening"],
  ])("after close code %i the room is %s", (code, phase) => {
    exchange.start(author("ann"));
    owner.closed(code);
    expect(exchange.phase.value).toBe(phase);
  });
});

describe("another page", () => {
  test("a join with our key by somebody else has our work: the screen is told", async () => {
    await enter();
    device.expire(page);
    const other = new DevicePage(device);
    void other.claim("ann");
    close(CLOSED.replaced);
    await answer();
    expect(screen.replaced).toHaveBeenCalledOnce();
  });

  test("where we have the key still it was our own", async () => {
    await enter();
    close(CLOSED.replaced);
    await answer();
    expect(screen.replaced).not.toHaveBeenCalled();
  });

  test("a link that is closed for another reason says nothing of the key", async () => {
    await enter();
    device.expire(page);
    void new DevicePage(device).claim("ann");
    close(1006);
    await answer();
    expect(screen.replaced).not.toHaveBeenCalled();
  });

  test("who has become another meanwhile is not replaced", async () => {
    await enter();
    device.expire(page);
    void new DevicePage(device).claim("ann");
    close(CLOSED.replaced);
    exchange.become(author("new"));
    await answer();
    expect(screen.replaced).not.toHaveBeenCalled();
  });

  test("who becomes another leaves its work, begins anew and gives the key up", async () => {
    await enter();
    await type(3, "d");
    exchange.become(author("new"));
    expect(line.restart).toHaveBeenCalledOnce();
    expect(line.retryNow).toHaveBeenCalledOnce();
    expect(owner.join()).toMatchObject({ key: "new" });
    expect(owner.join()).not.toHaveProperty("revision");
    await settle();
    expect(device.holds("ann", page)).toBe(false);
    expect(device.holds("new", page)).toBe(true);
  });

  test("a page that finds another going on with its work is told so", async () => {
    await enter();
    device.expire(page);
    void new DevicePage(device).claim("ann");
    await type(3, "d");
    await answer();
    expect(screen.replaced).toHaveBeenCalledOnce();
  });
});

describe("what is kept", () => {
  test("a change is at risk until it is saved or written down", async () => {
    await enter();
    expect(exchange.atRisk).toBe(false);
    expect(exchange.kept.value).toBe(0);
    await type(3, "d");
    expect(exchange.atRisk).toBe(true);
    await answer();
    expect(exchange.atRisk).toBe(false);
    expect(exchange.kept.value).toBe(1);
    expect([...device.records.keys()]).toEqual(["ann"]);
    await commit();
    expect(exchange.kept.value).toBe(0);
    await vi.advanceTimersByTimeAsync(100);
    await answer();
    expect(device.records.size).toBe(0);
  });

  test("what waits is written soon, and at once when the page is left", async () => {
    await enter();
    await type(3, "d");
    await answer();
    await type(4, "e");
    expect(device.requests).toHaveLength(0);
    expect(exchange.kept.value).toBe(1);
    exchange.flush();
    expect(device.requests).toHaveLength(1);
    await answer();
    expect(exchange.kept.value).toBe(2);
    await type(5, "f");
    await vi.advanceTimersByTimeAsync(100);
    expect(device.requests).toHaveLength(1);
  });

  test("an attempt to connect puts nothing at risk that is kept", async () => {
    await enter();
    close(1006);
    owner.linkChanged({ state: "offline" });
    await type(3, "d");
    await vi.advanceTimersByTimeAsync(100);
    await answer();
    expect(exchange.atRisk).toBe(false);
    owner.linkChanged({ state: "connecting", restarting: false });
    expect(exchange.atRisk).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(device.requests).toHaveLength(1);
    expect(exchange.atRisk).toBe(false);
  });

  test("each choice is written too, also one that takes the place of another", async () => {
    await enter();
    await type(3, "d");
    await answer();
    for (const name of ["One", "Two"]) {
      exchange.submit({ kind: "name", name: name });
      await vi.advanceTimersByTimeAsync(100);
      await answer();
      expect(JSON.stringify([...device.records.values()])).toContain(name);
    }
    for (const language of ["typescript", "javascript"] as const) {
      exchange.submit({ kind: "language", file: FILE, language: language });
      await vi.advanceTimersByTimeAsync(100);
      await answer();
      expect(JSON.stringify([...device.records.values()])).toContain(language);
    }
  });

  test("a page that is closed lets its key go", async () => {
    await enter();
    void exchange.close();
    await answer();
    expect(device.holds("ann", page)).toBe(false);
  });

  test("without storage there is nothing kept, and all works", async () => {
    exchange.start({ key: "ann", claim: Promise.reject(new Error("no storage")), work: null });
    await link();
    expect(exchange.kept.value).toBeNull();
    await type(3, "d");
    expect(exchange.atRisk).toBe(true);
    await commit();
    expect(exchange.unsaved.value).toBe(0);
    expect(exchange.atRisk).toBe(false);
  });
});
