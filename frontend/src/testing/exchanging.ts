/**
 * One exchange over a link that the test controls, with a server's log and a device in memory. A new one is made
 * before each test of a file that imports this module.
 */
import { afterEach, beforeEach, expect, type Mock, vi } from "vitest";
import type { Owner } from "../link/connection";
import type { Events, Listener } from "../link/events";
import { Exchange } from "../link/exchange";
import type { ClientMessage, ServerMessage } from "../link/protocol";
import { type Component, Operation } from "../ot";
import type { Work } from "../room";
import type { Author } from "../work/author";
import { CommittedLog, FILE, overTheWire } from "./committedLog";
import { Device, DevicePage } from "./device";

export type Submit = Extract<ClientMessage, { type: "submit" }>;

export const PROFILE = { person: "p", name: "Ann", colour: 3 };
export const WORK: Work = {
  revision: 0,
  seq: 0,
  inFlight: null,
  waiting: [{ change: ["edit", FILE, [3, "kept"]], count: 4 }],
};

export let log: CommittedLog;
export let device: Device;
export let page: DevicePage;
export let exchange: Exchange;
export let owner: Owner;
export let screen: { [K in keyof Events]: Mock<Events[K]> };
/** All messages that were sent, over all links. */
export let sent: ClientMessage[];
/** Other calls of the link. */
export const line = { retryNow: vi.fn(), restart: vi.fn(), close: vi.fn() };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"], now: 1000 });
  log = new CommittedLog("abc", 100);
  device = new Device();
  page = new DevicePage(device);
  sent = [];
  vi.clearAllMocks();
  const names = ["joined", "received", "people", "mended", "refused", "gaveUp", "replaced", "came"];
  screen = Object.fromEntries([...names, "turnedAway"].map((name) => [name, vi.fn()])) as never;
  begin(screen);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Make the exchange, which tells these listeners. */
export function begin(...listeners: Listener[]): void {
  const place = {
    room: "room",
    shelf: page,
    profile: () => PROFILE,
    connect(given: Owner) {
      owner = given;
      return { ...line, send: (message: ClientMessage) => exchange.live && sent.push(message) };
    },
  };
  exchange = new Exchange(place, listeners);
}

export function author(key: string, work: Work | null = null): Author {
  return { key, claim: page.claim(key), work };
}

/** Run everything that is due now. */
export const settle = () => vi.advanceTimersByTimeAsync(0);

/** The storage answers all requests. */
export async function answer(): Promise<void> {
  while (device.requests.length > 0) {
    device.step();
    await settle();
  }
}

/** Start as Ann, who may have work, and join. */
export async function enter(work: Work | null = null): Promise<void> {
  exchange.start(author("ann", work));
  await settle();
  await link();
}

/** Make a link, and let the server answer the join. */
export async function link(changes: Partial<ServerMessage> = {}): Promise<void> {
  owner.linkChanged({ state: "connecting", restarting: false });
  const join = owner.join();
  if (join.type !== "join") throw new Error("the first message is no join");
  owner.linkChanged({ state: "live" });
  owner.receive({ ...log.joined(join.key, join.revision, join.text), ...changes } as ServerMessage);
  await settle();
}

export function lose(): void {
  owner.linkChanged({ state: "offline" });
}

/** The other side closes the link. */
export function close(code: number): void {
  lose();
  owner.closed(code);
}

export async function type(...components: Component[]): Promise<void> {
  exchange.submit({ kind: "edit", file: FILE, operation: new Operation(components) });
  await settle();
}

export async function hear(message: unknown): Promise<void> {
  owner.receive(overTheWire(message));
  await settle();
}

export const submits = () => sent.filter((message) => message.type === "submit");
export const lastSubmit = () => submits().at(-1) as Submit;

/** The server commits the last change that was sent, and sends its entry. */
export async function commit(): Promise<void> {
  expect(log.submit("ann", lastSubmit())).toBe("committed");
  owner.receive(log.frame(1));
  await settle();
}

/** Somebody else makes this change. */
export async function bob(...components: Component[]): Promise<void> {
  const change = ["edit", FILE, components] as ["edit", string, Component[]];
  log.submit("bob", { type: "submit", seq: log.revision + 1, revision: log.revision, change });
  owner.receive(log.frame(1));
  await settle();
}

export const error = (code: string, seq?: number, message = "words") =>
  hear({ type: "error", code, message, seq });

/** The texts and reasons that were handed back to the person. */
export const handedBack = () => screen.refused.mock.calls.map(([, , lost, why]) => [lost, why]);
