import { afterEach, expect, test, vi } from "vitest";
import { isThisMachine, linkForOthers } from "./sharing";

afterEach(() => vi.unstubAllGlobals());

const served = (address: string | null) =>
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ address })));

test("only names of this machine are names of this machine", () => {
  const here = ["localhost", "LOCALHOST", "collab.localhost", "127.0.0.1", "127.8.9.10", "[::1]"];
  const elsewhere = ["192.168.1.5", "localhost.example", "mylocalhost", "1127.0.0.1", "[::11]"];
  expect(here.filter((name) => !isThisMachine(name))).toEqual([]);
  expect(elsewhere.filter(isThisMachine)).toEqual([]);
});

test("a link that others can open is handed out as it is", async () => {
  served("192.168.1.5");
  const link = "https://collab.example/r/1";
  expect(await linkForOthers(link)).toBe(link);
});

test("in place of this machine's own name stands its address in the network", async () => {
  served("192.168.1.5");
  expect(await linkForOthers("http://localhost:8000/r/1")).toBe("http://192.168.1.5:8000/r/1");
});

test("where the server listens to this machine alone nobody else has a link", async () => {
  served(null);
  expect(await linkForOthers("http://[::1]:8000/r/1")).toBeNull();
});
