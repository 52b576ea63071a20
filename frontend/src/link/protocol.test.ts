import { expect, test } from "vitest";
import { Operation } from "../ot";
import { decode, encodeChange, UnknownChange } from "./protocol";

test("the frame of entries that PROTOCOL.md shows is read", () => {
  const frame =
    '[1043, [3, 7, "main", [5, "abc", -3, 40]], ["Zt5_3-aQ", 19, ["language", "main", "python"]]]';
  const operation = new Operation([5, "abc", -3, 40]);
  const entries = [
    { who: 3, seq: 7, change: { kind: "edit", file: "main", operation } },
    { who: "Zt5_3-aQ", seq: 19, change: { kind: "language", file: "main", language: "python" } },
  ];
  expect(decode(frame)).toEqual({ type: "entries", revision: 1043, entries });
});

test.each([
  ["edit", "main", [5, "abc", -3, 40]],
  ["language", "main", "python"],
  ["add", "main", "main.py", "python", "x = 1\n", ""],
  ["name", "Orbit simulator"],
])("a change comes back from the wire as it was: %s", (...change) => {
  const message = decode(JSON.stringify([1, ["a", 1, change]]));
  const [entry] = message.type === "entries" ? message.entries : [];
  expect(entry && encodeChange(entry.change)).toEqual(change);
});

test("a stretch is told from an entry", () => {
  const frame =
    '{"type": "joined", "entries": [[2, [["edit", "main", [3]]]], ["a", 1, "main", [3]]]}';
  const change = { kind: "edit", file: "main", operation: new Operation([3]) };
  expect(decode(frame)).toMatchObject({
    entries: [
      { count: 2, changes: [change] },
      { who: "a", seq: 1, change },
    ],
  });
});

test("a message of a type yet unknown is passed on", () => {
  expect(decode('{"type": "weather", "sky": "blue"}')).toEqual({ type: "weather", sky: "blue" });
});

test("a change of a kind yet unknown is not read over", () => {
  expect(() => decode('[1, ["a", 1, ["paint", "main"]]]')).toThrow(UnknownChange);
});
