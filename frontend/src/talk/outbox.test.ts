import { expect, test } from "vitest";
import { Outbox, type Storage, talkKey } from "./outbox";

class Device implements Storage {
  readonly #items = new Map<string, string>();
  get length(): number {
    return this.#items.size;
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }
  removeItem(key: string): void {
    this.#items.delete(key);
  }
}

const pending = (nonce: string, at: number) => ({ nonce, text: `text of ${nonce}`, at });

test("what a closed tab has written is there in the next, in order", () => {
  const device = new Device();
  const tab = new Outbox(device, "room");
  tab.put(pending("b", 2));
  tab.put(pending("a", 1));
  expect(new Outbox(device, "room").all.map(({ nonce }) => nonce)).toEqual(["a", "b"]);
  expect(new Outbox(device, "another room").all).toEqual([]);
});

test("tabs that write at once do not overwrite one another", () => {
  const device = new Device();
  const [one, other] = [new Outbox(device, "room"), new Outbox(device, "room")];
  one.put(pending("a", 1));
  other.put(pending("b", 2));
  one.drop("a");
  expect(new Outbox(device, "room").all.map(({ nonce }) => nonce)).toEqual(["b"]);
  one.read();
  expect(one.all.map(({ nonce }) => nonce)).toEqual(["b"]);
});

test("what is said is kept no more", () => {
  const device = new Device();
  const outbox = new Outbox(device, "room");
  outbox.put({ ...pending("a", 1), refused: "It is too long." });
  expect(new Outbox(device, "room").all[0]?.refused).toBe("It is too long.");
  outbox.drop("a");
  expect(outbox.all).toEqual([]);
  expect(device.length).toBe(0);
});

test("what makes no sense on the device is passed over", () => {
  const device = new Device();
  device.setItem("collab.said.room.x", "{");
  device.setItem("collab.said.room.y", '{"nonce": 1}');
  device.setItem("collab.said.room.z", "null");
  expect(new Outbox(device, "room").all).toEqual([]);
});

test("without a storage it is kept in the page, and that is said", () => {
  const broken = new Proxy({} as Storage, {
    get: () => {
      throw new Error("blocked");
    },
  });
  const outbox = new Outbox(broken, "room");
  outbox.put(pending("a", 1));
  expect(outbox.all).toHaveLength(1);
  expect(outbox.kept).toBe(false);
  expect(talkKey(broken)).toMatch(/^[0-9a-f]{48}$/);
});

test("all tabs of a device are one person, with one secret", () => {
  const device = new Device();
  const key = talkKey(device);
  expect(key).toMatch(/^[0-9a-f]{48}$/);
  expect(talkKey(device)).toBe(key);
});
