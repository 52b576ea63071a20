import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CLOSED, Connection, delayBefore, type Link } from "./connection";

/** The browser's end of a socket. The test plays the server's end. */
class Socket {
  static OPEN = 1;
  static CLOSING = 2;
  static all: Socket[] = [];
  readyState = 0;
  sent: { type: string }[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor() {
    Socket.all.push(this);
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(): void {
    this.closed = true;
  }

  accept(): void {
    this.readyState = Socket.OPEN;
    this.onopen?.();
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const page = new EventTarget();
const owner = {
  join: () => ({ type: "ping" }) as const,
  receive: vi.fn(),
  confused: vi.fn(),
  linkChanged: (now: Link) => {
    link = now;
  },
  closed: vi.fn(),
};
let link: Link;
let online: boolean;
let connection: Connection;

const socket = () => Socket.all[Socket.all.length - 1] as Socket;
const pings = () => socket().sent.filter(({ type }) => type === "ping").length - 1;

function goLive(): void {
  socket().accept();
  socket().say({ type: "joined" });
}

function lose(code = 1006): void {
  socket().onclose?.({ code });
}

/** Fires only the timer that is due first: the next attempt. */
function retry(): void {
  if (link.state === "waiting") vi.setSystemTime(link.retryAt);
  vi.advanceTimersToNextTimer();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  online = true;
  Socket.all = [];
  const listen = page.addEventListener.bind(page);
  const unlisten = page.removeEventListener.bind(page);
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("addEventListener", listen);
  vi.stubGlobal("removeEventListener", unlisten);
  vi.stubGlobal("document", {
    addEventListener: listen,
    removeEventListener: unlisten,
    visibilityState: "visible",
  });
  vi.stubGlobal("navigator", {
    get onLine() {
      return online;
    },
  });
  connection = new Connection("ws://room", owner);
});

afterEach(() => {
  connection.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("the first word is the join, and the answer makes the link live", () => {
  expect(link.state).toBe("connecting");
  socket().accept();
  expect(socket().sent).toHaveLength(1);
  expect(link.state).toBe("connecting");
  socket().say({ type: "joined" });
  expect(link.state).toBe("live");
  expect(owner.receive).toHaveBeenCalledWith({ type: "joined" });
});

test("nothing is said to a socket that is closing", () => {
  goLive();
  const said = socket().sent.length;
  socket().readyState = Socket.CLOSING;
  connection.send({ type: "ping" });
  vi.advanceTimersByTime(4000);
  expect(socket().sent).toHaveLength(said);
});

test("a dead link is noticed within ten seconds", () => {
  goLive();
  vi.advanceTimersByTime(4000);
  expect(pings()).toBe(1);
  vi.advanceTimersByTime(5100);
  expect(socket().closed).toBe(true);
  expect(link.state).toBe("waiting");
});

test("an answered ping keeps the link", () => {
  goLive();
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(4000);
    expect(pings()).toBe(i + 1);
    socket().say({ type: "pong" });
  }
  expect(link.state).toBe("live");
  expect(owner.receive).toHaveBeenCalledTimes(1);
});

test("a socket that never opens is given up as well", () => {
  vi.advanceTimersByTime(9100);
  expect(link.state).toBe("waiting");
});

test("five tries are fast, then they back off to half a minute, for ever", () => {
  const longest = Array.from({ length: 14 }, (_, attempt) => delayBefore(attempt + 1, 1));
  expect(longest.slice(0, 5)).toEqual([1000, 1000, 1000, 1000, 1000]);
  expect(longest.slice(5, 10)).toEqual([2000, 4000, 8000, 16_000, 30_000]);
  expect(delayBefore(1000, 1)).toBe(30_000);
  expect(delayBefore(1, 0)).toBeLessThan(delayBefore(1, 1));
  for (let attempt = 1; attempt <= 50; attempt++) {
    lose();
    expect(link).toMatchObject({ state: "waiting", attempt });
    retry();
    expect(Socket.all).toHaveLength(attempt + 1);
  }
});

test("a link that was steady is tried fast again, one that is lost at once is not", () => {
  lose();
  retry();
  goLive();
  lose();
  expect(link).toMatchObject({ attempt: 2 });
  retry();
  goLive();
  vi.advanceTimersByTime(3000);
  socket().say({ type: "pong" });
  vi.advanceTimersByTime(3000);
  lose();
  expect(link).toMatchObject({ attempt: 1 });
});

test("a server that restarts is left for another at once, as often as it happens", () => {
  for (let time = 0; time < 3; time++) {
    goLive();
    lose(1012);
    expect(link).toMatchObject({ state: "waiting", attempt: 1, restarting: true });
    vi.advanceTimersByTime(100);
    expect(link).toEqual({ state: "connecting", restarting: true });
  }
});

test("where no other takes us, tries go on as ever, and after the fast ones it is no restart", () => {
  goLive();
  lose(1012);
  for (let attempt = 2; attempt <= 7; attempt++) {
    retry();
    lose(attempt % 2 ? 1012 : 1006);
    expect(link).toMatchObject({ state: "waiting", attempt, restarting: attempt <= 5 });
    expect((link as { retryAt: number }).retryAt).toBeGreaterThan(Date.now() + 150);
  }
});

test("without a network the page says so, and tries at once when it is back", () => {
  goLive();
  online = false;
  lose();
  expect(link.state).toBe("offline");
  online = true;
  page.dispatchEvent(new Event("online"));
  expect(Socket.all).toHaveLength(2);
  expect(link.state).toBe("connecting");
});

test("a tab that comes to the front tries at once", () => {
  lose();
  page.dispatchEvent(new Event("visibilitychange"));
  expect(Socket.all).toHaveLength(2);
});

test("a tab that comes to the front asks whether its link is alive", () => {
  goLive();
  page.dispatchEvent(new Event("visibilitychange"));
  expect(pings()).toBe(1);
});

test("after sleep a link is doubted until it answers, and not believed in meanwhile", () => {
  goLive();
  vi.setSystemTime(Date.now() + 3_600_000);
  page.dispatchEvent(new Event("visibilitychange"));
  expect(link).toEqual({ state: "live", doubted: true });
  expect(pings()).toBe(1);
  socket().say({ type: "pong" });
  expect(link).toEqual({ state: "live" });
});

test("a page whose timers have slept doubts its link at the first beat, and gives it up unanswered", () => {
  goLive();
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(1000);
  expect(link).toEqual({ state: "live", doubted: true });
  vi.advanceTimersByTime(5000);
  expect(link.state).toBe("waiting");
});

test("a page that was put away whole joins anew at once", () => {
  goLive();
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: false }));
  expect(Socket.all).toHaveLength(1);
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  expect(Socket.all).toHaveLength(2);
  expect(link.state).toBe("connecting");
});

test("a person who does not want to wait need not", () => {
  lose();
  connection.retryNow();
  expect(Socket.all).toHaveLength(2);
  connection.retryNow();
  expect(Socket.all).toHaveLength(2);
});

test.each([CLOSED.foreign, CLOSED.missing, CLOSED.outdated])("close code %i is final", (code) => {
  goLive();
  lose(code);
  vi.advanceTimersByTime(120_000);
  expect(Socket.all).toHaveLength(1);
  expect(owner.closed).toHaveBeenCalledWith(code);
});

test("a room that is full is tried again, more and more seldom", () => {
  const waits = [];
  for (let tries = 0; tries < 8; tries++) {
    socket().accept();
    lose(CLOSED.full);
    expect(link.state).toBe("waiting");
    waits.push(link.state === "waiting" ? link.retryAt - Date.now() : 0);
    retry();
  }
  expect(waits[0]).toBeGreaterThanOrEqual(1500);
  expect(waits[3]).toBeGreaterThanOrEqual(12_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
});

test.each([
  ["a message was too large", CLOSED.tooLarge],
  ["the same key joined elsewhere", CLOSED.replaced],
  ["the link breaks", 1006],
])("when %s the owner hears it, and the link comes back", (_, code) => {
  goLive();
  lose(code);
  expect(owner.closed).toHaveBeenCalledWith(code);
  expect(link.state).toBe("waiting");
});

test("nothing is sent without a live link", () => {
  socket().accept();
  connection.send({ type: "profile", name: "Bo", colour: 1 });
  expect(socket().sent).toHaveLength(1);
});

test("what cannot be read is told to the owner", () => {
  goLive();
  socket().onmessage?.({ data: "{" });
  expect(owner.confused).toHaveBeenCalledOnce();
});

test("a closed connection stays closed", () => {
  goLive();
  connection.close();
  page.dispatchEvent(new Event("online"));
  vi.advanceTimersByTime(120_000);
  expect(Socket.all).toHaveLength(1);
});
