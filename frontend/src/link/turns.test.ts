import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Owner } from "./connection";
import type { ServerMessage } from "./protocol";
import { Turns } from "./turns";

const owner = {
  join: () => ({ type: "ping" }) as const,
  receive: vi.fn<Owner["receive"]>(),
  confused: vi.fn(),
  linkChanged: vi.fn(),
  closed: vi.fn(),
};
let waiting: string[];
let turns: Turns;
let connected: Owner;

const left = (client: string): ServerMessage => ({ type: "left", client });
const heard = () =>
  owner.receive.mock.calls.map(([message]) => "client" in message && message.client);

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetAllMocks();
  waiting = [];
  turns = new Turns((message) => message.type === "left" && waiting.includes(message.client));
  connected = turns.of(owner);
});
afterEach(() => vi.useRealTimers());

test("what need not wait is told at once", () => {
  connected.receive(left("a"));
  expect(heard()).toEqual(["a"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("what comes after one that waits is told after it, soon after it need not", () => {
  waiting = ["b"];
  for (const client of ["a", "b", "c"]) connected.receive(left(client));
  expect(heard()).toEqual(["a"]);
  waiting = [];
  vi.advanceTimersByTime(50);
  expect(heard()).toEqual(["a", "b", "c"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("when the link is lost, the next one tells it again", () => {
  waiting = ["b"];
  connected.receive(left("b"));
  connected.linkChanged({ state: "offline" });
  waiting = [];
  vi.advanceTimersByTime(1000);
  connected.receive(left("a"));
  expect(heard()).toEqual(["a"]);
});

test("what makes no sense confuses, whenever it is told, and is the last over its link", () => {
  const error = new Error("no sense");
  owner.receive.mockImplementationOnce(() => {
    throw error;
  });
  waiting = ["a"];
  connected.receive(left("a"));
  connected.receive(left("b"));
  waiting = [];
  vi.advanceTimersByTime(50);
  expect(owner.confused).toHaveBeenCalledWith(error);
  expect(heard()).toEqual(["a"]);
});

test("a fault in the question whether a message waits lets the message through", () => {
  const logging = vi.spyOn(console, "error").mockImplementation(() => {});
  turns = new Turns(() => {
    throw new Error("a fault of a document");
  });
  turns.of(owner).receive(left("a"));
  expect(heard()).toEqual(["a"]);
  expect(owner.confused).not.toHaveBeenCalled();
  expect(logging).toHaveBeenCalledOnce();
});
