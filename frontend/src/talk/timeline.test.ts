import { expect, test } from "vitest";
import type { Message } from "./messages";
import { dayOf, namesOf, timeline } from "./timeline";

const NOON = new Date(2026, 4, 20, 12).getTime();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function message(number: number, who: string, at: number, author = who): Message {
  return { number, stamp: number, who, person: who, author, colour: 0, at, text: `m${number}` };
}

const short = (
  messages: readonly Message[],
  unreadAfter: number | null = null,
  happenings: { id: number; at: number; words: string }[] = [],
) =>
  timeline(messages, happenings, { unreadAfter, now: NOON }).map((item) => {
    if (item.kind === "group") return [item.head.who, ...item.messages.map(({ number }) => number)];
    return item.kind === "unread" ? "new" : item.words;
  });

test("what a person says in one go belongs together", () => {
  const all = [
    message(1, "ann", NOON - 20 * MINUTE),
    message(2, "ann", NOON - 19 * MINUTE),
    message(3, "bo", NOON - 18 * MINUTE),
    message(4, "bo", NOON - 3 * MINUTE),
  ];
  expect(short(all)).toEqual(["Today", ["ann", 1, 2], ["bo", 3], ["bo", 4]]);
});

test("each day has its line", () => {
  const all = [
    message(1, "ann", NOON - 3 * DAY),
    message(2, "ann", NOON - DAY),
    message(3, "ann", NOON),
  ];
  expect(short(all)).toEqual([
    "Sunday, May 17",
    ["ann", 1],
    "Yesterday",
    ["ann", 2],
    "Today",
    ["ann", 3],
  ]);
  expect(dayOf(new Date(2025, 0, 1).getTime(), NOON)).toContain("2025");
});

test("the unread line parts what a person says in one go", () => {
  const all = [message(1, "ann", NOON), message(2, "ann", NOON + 1)];
  expect(short(all, 1)).toEqual(["Today", ["ann", 1], "new", ["ann", 2]]);
  expect(short(all, 2)).toEqual(["Today", ["ann", 1, 2]]);
});

test("what happens stands between what is said, and is no message", () => {
  const all = [message(1, "ann", NOON), message(2, "ann", NOON + 2)];
  const happenings = [{ id: 0, at: NOON + 1, words: "Bo joined" }];
  expect(short(all, null, happenings)).toEqual(["Today", ["ann", 1], "Bo joined", ["ann", 2]]);
});

test("a person who takes the name of another is told apart", () => {
  const two = [message(1, "Jk2x9", NOON, "Ann"), message(2, "Xp4q1", NOON, "Ann")];
  expect([...namesOf(two)]).toEqual([
    ["Jk2x9", "Jk2x"],
    ["Xp4q1", "Xp4q"],
  ]);
  expect(namesOf([message(1, "a", NOON, "Ann"), message(2, "b", NOON, "Bo")]).size).toBe(0);
});

test.each(["ann", "Аnn", "Αոn", "ANΝ", "Ann.", "Ánn", "A nn"])("%s looks like Ann", (name) => {
  expect(namesOf([message(1, "a", NOON, "Ann"), message(2, "b", NOON, name)]).size).toBe(2);
});
