/** One exchange over a link that the test controls, with a server's log and a device in memory. */
import { effect } from "@preact/signals";
import {
  afterEach,
  beforeEach,
  describe,
  expect,
  type Mock,
  type MockInstance,
  test,
  vi,
} from "vitest";
import { type Component, Operation } from "../ot";
import type { Work } from "../room";
import { CommittedLog, entry, FILE, overTheWire } from "../testing/committedLog";
import { Device, DevicePage } from "../testing/device";
import type { Author } from "../work/author";
import { CLOSED, type Owner } from "./connection";
import { type Events, Exchange } from "./exchange";
import { type ClientMessage, type ServerMessage, UnknownChange } from "./protocol";

type Submit = Extract<ClientMessage, { type: "submit" }>;

const PROFILE = { person: "p", name: "Ann", colour: 3 };
const WORK: Work = {
  revision: 0,
  seq: 0,
  inFlight: null,
  waiting: [{ change: ["edit", FILE, [3, "kept"]], count: 4 }],
};

let log: CommittedLog;
let device: Device;
let page: DevicePage;
let exchange: Exchange;
let owner: Owner;
let screen: { [K in keyof Events]: Mock<Events[K]> };
/** All messages that were sent, over all links. */
let sent: ClientMessage[];
/** Other calls of the link. */
const line = { retryNow: vi.fn(), restart: vi.fn(), close: vi.fn() };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"], now: 1000 });
  log = new CommittedLog("abc", 100);
  device = new Device();
  page = new DevicePage(device);
  sent = [];
  vi.clearAllMocks();
  const names = ["joined", "received", "people", "mended", "refused", "gaveUp", "replaced"];
  screen = Object.fromEntries([...names, "turnedAway"].map((name) => [name, vi.fn()])) as never;
  exchange = new Exchange(
    {
      room: "room",
      shelf: page,
      profile: () => PROFILE,
      connect(given) {
        owner = given;
        return { ...line, send: (message) => exchange.live && sent.push(message) };
      },
    },
    [screen],
  );
});
afterEach(() => {
  vi.useRealTimers();
});

function author(key: string, work: Work | null = null): Author {
  return { key, claim: page.claim(key), work };
}

/** Run everything that is due now. */
const settle = () => vi.advanceTimersByTimeAsync(0);

/** The storage answers all requests. */
async function answer(): Promise<void> {
  while (device.requests.length > 0) {
    device.step();
    await settle();
  }
}

/** Start as Ann, who may have work, and join. */
async function enter(work: Work | null = null): Promise<void> {
  exchange.start(author("ann", work));
  await settle();
  await link();
}

/** Make a link, and let the server answer the join. */
async function link(changes: Partial<ServerMessage> = {}): Promise<void> {
  owner.linkChanged({ state: "connecting", restarting: false });
  const join = owner.join();
  if (join.type !== "join") throw new Error("the first message is no join");
  owner.linkChanged({ state: "live" });
  owner.receive({ ...log.joined(join.key, join.revision, join.text), ...changes } as ServerMessage);
  await settle();
}

function lose(): void {
  owner.linkChanged({ state: "offline" });
}

/** The other side closes the link. */
function close(code: number): void {
  lose();
  owner.closed(code);
}

async function type(...components: Component[]): Promise<void> {
  exchange.submit({ kind: "edit", file: FILE, operation: new Operation(components) });
  await settle();
}

async function hear(message: unknown): Promise<void> {
  owner.receive(overTheWire(message));
  await settle();
}

const submits = () => sent.filter((message) => message.type === "submit");
const lastSubmit = () => submits().at(-1) as Submit;

/** The server commits the last change that was sent, and sends its entry. */
async function commit(): Promise<void> {
  expect(log.submit("ann", lastSubmit())).toBe("committed");
  owner.receive(log.frame(1));
  await settle();
}

/** Somebody else makes this change. */
async function bob(...components: Component[]): Promise<void> {
  const change = ["edit", FILE, components] as ["edit", string, Component[]];
  log.submit("bob", { type: "submit", seq: log.revision + 1, revision: log.revision, change });
  owner.receive(log.frame(1));
  await settle();
}

const error = (code: string, seq?: number, message = "words") =>
  hear({ type: "error", code, message, seq });

/** The texts and reasons that were handed back to the person. */
const handedBack = () => screen.refused.mock.calls.map(([, , lost, why]) => [lost, why]);

describe("joining", () => {
  test("before it starts there is nothing unsaved, and a link to be made", () => {
    expect(exchange.link.value).toEqual({ state: "connecting", restarting: false });
    expect(exchange.unsaved.value).toBe(0);
    expect(exchange.kept.value).toBeNull();
  });

  test("the first join asks for the files, and names who it is and when", async () => {
    exchange.start(author("ann"));
    expect(owner.join()).toEqual({ type: "join", protocol: 3, key: "ann", at: 1000, ...PROFILE });
    expect(exchange.phase.value).toBe("opening");
    await link();
    expect(exchange.phase.value).toBe("open");
    expect(exchange.live).toBe(true);
    expect(exchange.updatedAt.value).toBe(0);
    expect(screen.joined).toHaveBeenCalledWith(expect.anything(), null, 0);
  });

  test("the next joins ask for what was missed", async () => {
    await enter();
    lose();
    expect(exchange.live).toBe(false);
    expect(owner.join()).toEqual({ ...PROFILE, ...joinOf("ann"), revision: 0 });
    await link();
    expect(screen.joined.mock.calls[1]?.[1]?.edits).toEqual(new Map());
  });

  test("with the work of a page that is gone it asks for what was missed and for the text", async () => {
    exchange.start(author("ann", WORK));
    expect(exchange.unsaved.value).toBe(4);
    expect(owner.join()).toEqual({ ...PROFILE, ...joinOf("ann"), revision: 0, text: true });
    await link();
    expect(exchange.room.text(FILE)).toBe("abckept");
    expect(screen.joined).toHaveBeenCalledWith(expect.anything(), null, 4);
  });

  const joinOf = (key: string) => ({ type: "join", protocol: 3, key, at: 1000 });
});

describe("own changes", () => {
  test("one is sent, the next when it is acknowledged; until then it is not saved", async () => {
    await enter();
    await type(3, "d");
    vi.setSystemTime(1500);
    await type(4, "e");
    expect(submits()).toEqual([
      { type: "submit", seq: 1, revision: 0, change: ["edit", FILE, [3, "d"]] },
    ]);
    expect(exchange.unsaved.value).toBe(2);
    expect(exchange.savingSince.value).toBe(1000);
    vi.setSystemTime(2000);
    await answer();
    await commit();
    await answer();
    expect(lastSubmit()).toMatchObject({ seq: 2, revision: 1, change: ["edit", FILE, [4, "e"]] });
    expect(exchange.savingSince.value).toBe(2000);
    expect(exchange.updatedAt.value).toBe(2000);
    await commit();
    expect(exchange.unsaved.value).toBe(0);
    expect(exchange.savingSince.value).toBeNull();
    expect(screen.received).toHaveBeenCalledTimes(2);
  });

  test("what others do is shown", async () => {
    await enter();
    await bob(3, "!");
    expect(screen.received.mock.calls[0]?.[0].edits.get(FILE)).toEqual(new Operation([3, "!"]));
    expect(exchange.unsaved.value).toBe(0);
  });

  test("what is typed without a link is sent with the next", async () => {
    await enter();
    lose();
    await type(3, "d");
    expect(submits()).toEqual([]);
    expect(exchange.unsaved.value).toBe(1);
    await link();
    expect(submits()).toHaveLength(1);
  });

  test("a language and a name are sent, and the name is shown at once", async () => {
    await enter();
    exchange.submit({ kind: "language", file: FILE, language: "typescript" });
    await settle();
    expect(lastSubmit().change).toEqual(["language", FILE, "typescript"]);
    exchange.submit({ kind: "name", name: "Orbits" });
    expect(exchange.facts.value.name).toBe("Orbits");
    await answer();
    await commit();
    await answer();
    expect(lastSubmit().change).toEqual(["name", "Orbits"]);
  });

  test("a change is sent again over the next link, once, under its number, carried to the head", async () => {
    await enter();
    await type(3, "d");
    lose();
    const change = ["edit", FILE, ["x", 3]] as ["edit", string, Component[]];
    log.submit("bob", { type: "submit", seq: 1, revision: 0, change });
    await link();
    expect(submits()).toHaveLength(2);
    expect(lastSubmit()).toEqual({
      type: "submit",
      seq: 1,
      revision: 1,
      change: ["edit", FILE, [4, "d"]],
    });
    await bob("y", 4);
    expect(submits()).toHaveLength(2);
  });

  test("an acknowledgement that was lost comes with the next link, and nothing is sent again", async () => {
    await enter();
    await type(3, "d");
    lose();
    log.submit("ann", lastSubmit());
    await link();
    expect(submits()).toHaveLength(1);
    expect(exchange.unsaved.value).toBe(0);
    expect(screen.refused).not.toHaveBeenCalled();
  });

  test("what a device has waiting is sent only once it is written down as sent", async () => {
    await enter(WORK);
    expect(submits()).toEqual([]);
    expect(exchange.unsaved.value).toBe(4);
    // Not even after another message, or over another link.
    await bob("x", 3);
    lose();
    await link();
    expect(submits()).toEqual([]);
    await answer();
    expect(submits()).toHaveLength(1);
    // One number is skipped, since the page before may have used it.
    expect(lastSubmit()).toMatchObject({ seq: 2, revision: 1 });
  });
});

describe("refusals", () => {
  test("a refused change leaves the text and is handed back, and the next one goes", async () => {
    await enter();
    await type(3, "d");
    await type(4, "e");
    await hear({ type: "refused", seq: 1, code: "text_too_large", message: "It is full." });
    expect(screen.refused).toHaveBeenCalledWith(
      FILE,
      new Operation([3, -1, 1]),
      "d",
      "It is full.",
    );
    await answer();
    expect(lastSubmit()).toMatchObject({ seq: 2, change: ["edit", FILE, [3, "e"]] });
    expect(exchange.unsaved.value).toBe(1);
  });

  test("a refusal of what is not in flight says nothing", async () => {
    await enter();
    await type(3, "d");
    await hear({ type: "refused", seq: 2, code: "text_too_large", message: "It is full." });
    expect(screen.refused).not.toHaveBeenCalled();
    expect(exchange.unsaved.value).toBe(1);
  });

  test("a change with a number at or below the log's that the log has not was refused", async () => {
    const before = { seq: 1, change: ["edit", FILE, [3, "gone"]] as Submit["change"], count: 4 };
    const next = ["edit", FILE, ["x", 3]] as Submit["change"];
    log.submit("ann", { type: "submit", seq: 1, revision: 0, change: next });
    // The page before had heard of the refusal and sent another change, but could write down neither.
    await enter({
      revision: 1,
      seq: 1,
      inFlight: { ...before, change: ["edit", FILE, [4, "gone"]] },
      waiting: [],
    });
    expect(handedBack()).toEqual([["gone", "it was refused."]]);
    expect(exchange.unsaved.value).toBe(0);
    expect(submits()).toEqual([]);
    await type(4, "d");
    await answer();
    expect(lastSubmit().seq).toBeGreaterThan(1);
    await commit();
    expect(log.text).toBe("xabcd");
  });

  test("a message that is too large for the server is not sent again", async () => {
    await enter();
    await type(3, "d");
    close(CLOSED.tooLarge);
    expect(handedBack()).toEqual([["d", "it is too large."]]);
    await link();
    expect(submits()).toHaveLength(1);
    await type(3, "e");
    await answer();
    expect(submits()).toHaveLength(2);
    // Nothing was in flight, so the close code does not concern a change of this page.
    await commit();
    close(CLOSED.tooLarge);
    expect(screen.refused).toHaveBeenCalledOnce();
  });
});

describe("links that break", () => {
  const BROKE = "the connection broke each time that it was sent.";

  test("a change that breaks three links is handed back, and the next one goes", async () => {
    await enter();
    await type(3, "d");
    await type(4, "e");
    close(1006);
    await link();
    close(1006);
    await link();
    expect(submits()).toHaveLength(2);
    // The third link lives as long as nothing is sent over it.
    await vi.advanceTimersByTimeAsync(2999);
    expect(submits()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(submits()).toHaveLength(3);
    expect(screen.refused).not.toHaveBeenCalled();
    close(1006);
    expect(handedBack()).toEqual([["d", BROKE]]);
    await link();
    await answer();
    expect(lastSubmit()).toMatchObject({ seq: 2, change: ["edit", FILE, [3, "e"]] });
    expect(exchange.unsaved.value).toBe(1);
  });

  /** Let three links end in this way, one after the other. */
  async function thrice(end: () => void | Promise<void>): Promise<void> {
    for (let links = 0; links < 3; links++) {
      await vi.advanceTimersByTimeAsync(4000);
      await end();
      await link();
    }
  }

  test.each([1002, 1005, 1006, 1007, 1008, 1011])("code %i is a break", async (code) => {
    await enter();
    await type(3, "d");
    await thrice(() => close(code));
    expect(handedBack()).toEqual([["d", BROKE]]);
  });

  test.each([1000, 1001, 1012, 4408, 4413, 4429])("code %i has another reason", async (code) => {
    await enter();
    await type(3, "d");
    await thrice(() => close(code));
    expect(screen.refused).not.toHaveBeenCalled();
  });

  test("links that die without a word are not the change's fault", async () => {
    await enter();
    await type(3, "d");
    await thrice(lose);
    expect(screen.refused).not.toHaveBeenCalled();
  });

  test("a link that breaks long after the change was sent broke for another reason", async () => {
    await enter();
    await type(3, "d");
    await thrice(async () => {
      await vi.advanceTimersByTimeAsync(6001);
      close(1006);
    });
    expect(screen.refused).not.toHaveBeenCalled();
  });

  test("a link that breaks ten seconds after the change was sent broke because of it", async () => {
    await enter();
    await type(3, "d");
    await thrice(async () => {
      await vi.advanceTimersByTimeAsync(6000);
      close(1006);
    });
    expect(handedBack()).toEqual([["d", BROKE]]);
  });

  test("a link that breaks before the change is sent over it does not count", async () => {
    await enter();
    await type(3, "d");
    close(1006);
    await link();
    close(1006);
    for (let links = 0; links < 5; links++) {
      await link();
      await vi.advanceTimersByTimeAsync(1000);
      close(1006);
    }
    // A link over which nobody has joined does not count either.
    close(1006);
    expect(screen.refused).not.toHaveBeenCalled();
    await link();
    await vi.advanceTimersByTimeAsync(3000);
    expect(submits()).toHaveLength(3);
  });

  test("each change has three links of its own", async () => {
    await enter();
    await type(3, "d");
    close(1006);
    await link();
    close(1006);
    await link();
    await vi.advanceTimersByTimeAsync(3000);
    await commit();
    await type(4, "e");
    await answer();
    close(1006);
    expect(screen.refused).not.toHaveBeenCalled();
    await link();
    expect(submits()).toHaveLength(5);
    close(1006);
    expect(screen.refused).not.toHaveBeenCalled();
  });

  test("a page that is closed sends nothing more", async () => {
    await enter();
    await type(3, "d");
    close(1006);
    await link();
    close(1006);
    await link();
    exchange.close();
    await vi.advanceTimersByTimeAsync(5000);
    expect(submits()).toHaveLength(2);
    expect(line.close).toHaveBeenCalledOnce();
  });
});

describe("texts that are another than the server's", () => {
  test("one is read again, and what differed is shown; meanwhile nothing is sent for it", async () => {
    await enter();
    await hear({ type: "checksum", revision: 0, files: { [FILE]: 1 } });
    expect(sent).toEqual([{ type: "read", file: FILE }]);
    await type(3, "d");
    expect(submits()).toEqual([]);
    await hear({ type: "text", file: FILE, revision: 0, text: "abcX" });
    expect(screen.mended).toHaveBeenCalledWith(FILE, new Operation([4, "X"]));
    await answer();
    expect(lastSubmit()).toMatchObject({ seq: 1, change: ["edit", FILE, [3, "d", 1]] });
  });

  test("what was in flight is sent again after its text was mended, under its number", async () => {
    await enter();
    await type(3, "d");
    await answer();
    await hear({ type: "checksum", revision: 0, files: { [FILE]: 1 } });
    await hear({ type: "text", file: FILE, revision: 0, text: "Xabc" });
    await answer();
    expect(submits()).toHaveLength(2);
    expect(lastSubmit()).toMatchObject({ seq: 1, change: ["edit", FILE, [4, "d"]] });
  });

  test("it is not sent before it is written down as it is now", async () => {
    await enter();
    await type(3, "d");
    await type(4, "e");
    await vi.advanceTimersByTimeAsync(100);
    await answer();
    await hear({ type: "checksum", revision: 0, files: { [FILE]: 1 } });
    await hear({ type: "text", file: FILE, revision: 0, text: "Xabc" });
    expect(submits()).toHaveLength(1);
    await answer();
    expect(submits()).toHaveLength(2);
  });

  test("a text that is as it was says nothing", async () => {
    await enter();
    await hear({ type: "checksum", revision: 0, files: { [FILE]: 1 } });
    await hear({ type: "text", file: FILE, revision: 0, text: "abc" });
    expect(screen.mended).not.toHaveBeenCalled();
    expect(submits()).toEqual([]);
    // There is nothing to write either.
    expect(device.requests).toEqual([]);
  });

  test("a change that does not fit has its text read, and is given up when it does not fit again", async () => {
    await enter();
    await type(3, "d");
    await error("invalid_operation", 1);
    expect(sent.at(-1)).toEqual({ type: "read", file: FILE });
    expect(screen.gaveUp).not.toHaveBeenCalled();
    await hear({ type: "text", file: FILE, revision: 0, text: "abc" });
    await answer();
    expect(submits()).toHaveLength(2);
    await error("invalid_operation", 1);
    expect(screen.gaveUp).toHaveBeenCalledOnce();
    expect(line.restart).toHaveBeenCalledOnce();
  });
});

describe("beginning again", () => {
  test.each([
    ["unknown_revision", undefined],
    ["unknown_revision", 1],
    ["in_flight", 2],
    ["malformed", 1],
  ])(
    "after %s of change %s the work is handed to the person and all comes anew",
    async (code, seq) => {
      await enter();
      await type(3, "d");
      await error(code, seq);
      expect(screen.gaveUp).toHaveBeenCalledOnce();
      expect(screen.gaveUp.mock.calls[0]?.[0]).toMatchObject({
        inFlight: { change: ["edit", FILE, [3, "d"]] },
      });
      expect(line.restart).toHaveBeenCalledOnce();
      expect(owner.join()).not.toHaveProperty("revision");
      // The text is not safe until its person has it.
      expect(exchange.unsaved.value).toBe(1);
      await link();
      expect(screen.joined).toHaveBeenLastCalledWith(expect.anything(), null, 1);
      expect(exchange.unsaved.value).toBe(0);
    },
  );

  test("where there is no work nothing is said", async () => {
    await enter();
    await error("unknown_revision");
    expect(screen.gaveUp).not.toHaveBeenCalled();
    expect(line.restart).toHaveBeenCalledOnce();
  });

  test("an error about something else changes nothing while the link lives", async () => {
    await enter();
    await type(3, "d");
    await error("unknown_file");
    await error("invalid_operation", 7);
    await hear({ type: "refused", seq: 7, code: "text_too_large", message: "" });
    expect(screen.people).not.toHaveBeenCalled();
    expect(screen.gaveUp).not.toHaveBeenCalled();
    expect(line.restart).not.toHaveBeenCalled();
    expect(submits()).toHaveLength(1);
  });

  test("an error before anybody has joined is one of the join: it is tried anew", async () => {
    exchange.start(author("ann"));
    await error("malformed");
    expect(line.restart).toHaveBeenCalledOnce();
  });

  test("what makes no sense on what we hold makes us begin again", async () => {
    await enter();
    await type(3, "d");
    owner.confused(new Error("a gap"));
    expect(screen.gaveUp).toHaveBeenCalledOnce();
    expect(line.restart).toHaveBeenCalledOnce();
    expect(exchange.phase.value).toBe("open");
  });

  test("a change of a kind that we do not know asks for a newer page", async () => {
    await enter();
    owner.confused(new UnknownChange("move"));
    expect(exchange.phase.value).toBe("outdated");
    expect(line.close).toHaveBeenCalledOnce();
    expect(line.restart).not.toHaveBeenCalled();
  });
});

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

describe("people", () => {
  const somebody = { person: "q", name: "Bo", colour: 1 };

  test("who comes, moves and goes is passed on", async () => {
    await enter();
    const person = { type: "person", client: "bob", number: 7, ...somebody };
    const presence = { type: "presence", client: "bob", file: FILE, revision: 0, selections: [] };
    const left = { type: "left", client: "bob" };
    for (const message of [person, presence, left]) await hear(message);
    expect(screen.people.mock.calls).toEqual([[person], [presence], [left]]);
  });

  test("entries may name people by the number that they came with", async () => {
    await enter();
    await hear({ type: "person", client: "bob", number: 7, ...somebody });
    const { seq, change } = entry("bob", 1, [3, "!"]);
    owner.receive({ type: "entries", revision: 1, entries: [{ who: 7, seq, change }] });
    expect(screen.received.mock.calls[0]?.[0].carets.get("bob")).toEqual({
      file: FILE,
      position: 4,
    });
  });

  test("what the page has to say besides is sent, and a new try is passed on", async () => {
    await enter();
    exchange.send({ type: "profile", name: "Anna", colour: 1 });
    expect(sent).toEqual([{ type: "profile", name: "Anna", colour: 1 }]);
    exchange.retryNow();
    expect(line.retryNow).toHaveBeenCalledOnce();
  });
});

describe("faults of what is shown", () => {
  let logging: MockInstance<typeof console.error>;
  beforeEach(() => {
    logging = vi.spyOn(console, "error").mockImplementation(() => {});
  });
  afterEach(() => logging.mockRestore());

  /** Listeners of all these events, each of which throws another error. */
  function breakAll(): void {
    for (const [event, listener] of Object.entries(screen)) {
      listener.mockImplementation(() => {
        throw new Error(`a fault of ${event}`);
      });
    }
  }

  test("do not touch the work that is not saved, nor the link, and are logged once", async () => {
    breakAll();
    await enter();
    await type(3, "d");
    await bob("x", 3);
    await bob("y", 4);
    await hear({ type: "person", client: "bob", number: 7, person: "q", name: "Bo", colour: 1 });
    await type(6, "e");
    expect([exchange.room.text(FILE), exchange.unsaved.value]).toEqual(["yxabcde", 2]);
    expect([exchange.phase.value, exchange.live]).toEqual(["open", true]);
    await commit();
    await answer();
    await commit();
    expect([log.text, exchange.unsaved.value]).toEqual(["yxabcde", 0]);
    expect(line.restart).not.toHaveBeenCalled();
    const logged = logging.mock.calls.map(([error]) => String(error));
    expect(logged).toEqual(["joined", "received", "people"].map((of) => `Error: a fault of ${of}`));
  });

  test("of a refusal leave the next change to be sent", async () => {
    breakAll();
    await enter();
    await type(3, "d");
    await type(4, "e");
    await hear({ type: "refused", seq: 1, code: "text_too_large", message: "It is full." });
    await answer();
    expect(lastSubmit()).toMatchObject({ seq: 2, change: ["edit", FILE, [3, "e"]] });
  });

  test("in one listener are kept from the other listeners", async () => {
    const heard: string[] = [];
    const broken = { received: () => JSON.parse("no JSON") };
    const whole = { received: () => heard.push("received") };
    const connect = (given: Owner) => {
      owner = given;
      return { ...line, send: () => {} };
    };
    const place = { room: "room", shelf: page, connect, profile: () => PROFILE };
    exchange = new Exchange(place, [broken, whole]);
    await enter();
    await bob(3, "!");
    expect(heard).toEqual(["received"]);
  });

  test("in what follows a signal are kept from the room", async () => {
    const signals = [
      "phase",
      "link",
      "unsaved",
      "savingSince",
      "facts",
      "updatedAt",
      "kept",
    ] as const;
    for (const name of signals) {
      let first = true;
      effect(() => {
        void exchange[name].value;
        if (!first) throw new Error(`a pane that shows ${name}`);
        first = false;
      });
    }
    await enter();
    await type(3, "d");
    exchange.submit({ kind: "name", name: "Orbits" });
    await answer();
    await bob("x", 3);
    await commit();
    await answer();
    await commit();
    await vi.advanceTimersByTimeAsync(1000);
    await answer();
    expect([log.text, exchange.unsaved.value, exchange.facts.value.name]).toEqual([
      "xabcd",
      0,
      "Orbits",
    ]);
    expect(line.restart).not.toHaveBeenCalled();
    expect(screen.gaveUp).not.toHaveBeenCalled();
  });

  test("are not what makes no sense: an entry out of its order still is", async () => {
    await enter();
    expect(() => owner.receive({ type: "entries", revision: 7, entries: [] })).toThrow(
      "came after",
    );
  });
});
