import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { COLOURS, loadIdentity, saveIdentity } from "./identity";

afterEach(() => vi.unstubAllGlobals());

describe("on a device that remembers", () => {
  let kept: Map<string, string>;
  beforeEach(() => {
    kept = new Map();
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
  });

  test("a guest gets a friendly name, a colour and an id, and keeps them", () => {
    const first = loadIdentity();
    expect(first.name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
    expect(first.person).toMatch(/^[0-9a-f]{32}$/);
    expect(first.colour).toBeGreaterThanOrEqual(0);
    expect(first.colour).toBeLessThan(COLOURS);
    expect(loadIdentity()).toEqual(first);
  });

  test("a changed name and colour are kept", () => {
    const changed = { ...loadIdentity(), name: "Ana", colour: 5, chosen: true };
    saveIdentity(changed);
    expect(loadIdentity()).toEqual(changed);
  });

  test.each([
    "not JSON",
    "null",
    "{}",
    '{"person":"short","name":"Ana","colour":1}',
    `{"person":"${"0".repeat(32)}","name":"","colour":1}`,
    `{"person":"${"0".repeat(32)}","name":"Ana","colour":8}`,
    `{"person":"${"0".repeat(32)}","name":"Ana","colour":1.5}`,
  ])("what is kept but no identity is replaced by a new one: %s", (text) => {
    kept.set("collab.identity", text);
    expect(loadIdentity().person).toMatch(/^[0-9a-f]{32}$/);
    expect(kept.get("collab.identity")).not.toBe(text);
  });

  test("a person whose kept name has something unseen stays the same person", () => {
    const person = "0".repeat(32);
    kept.set("collab.identity", JSON.stringify({ person, name: "An\u200bn", colour: 1 }));
    expect(loadIdentity()).toMatchObject({ person, name: "An n" });
  });
});

test("with storage blocked a guest gets an identity all the same", () => {
  const blocked = () => {
    throw new DOMException("blocked", "SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: blocked, setItem: blocked });
  expect(loadIdentity().name).not.toBe("");
});
