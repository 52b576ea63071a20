// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { arrival } from "./arrival";

test("a language that cannot be fetched says so once, and is tried again when the network is back", async () => {
  let [tries, told] = [0, 0];
  const load = async () => {
    tries++;
    if (tries < 3) throw new Error("no network");
    return [];
  };
  const tell = () => {
    told++;
  };
  const arrived = arrival("rust", () => true, tell, load);
  const network = setInterval(() => dispatchEvent(new Event("online")));
  expect(await arrived).toEqual([]);
  clearInterval(network);
  expect([tries, told]).toEqual([3, 1]);
});

test("a language that nobody wants any more is not asked for again", async () => {
  let wanted = true;
  const load = async () => {
    wanted = false;
    throw new Error("no network");
  };
  const arrived = arrival(
    "rust",
    () => wanted,
    () => {},
    load,
  );
  const network = setInterval(() => dispatchEvent(new Event("online")));
  expect(await arrived).toBeNull();
  clearInterval(network);
});
