import { expect, test } from "vitest";
import type { Link, Phase } from "../session";
import { linkWord, peopleWords, statusWords, updatedWords } from "./status";

const NOW = 1_767_225_600_000;
const LIVE: Link = { state: "live" };
const CONNECTING: Link = { state: "connecting", restarting: false };
const OFFLINE: Link = { state: "offline" };
const WAITING: Link = { state: "waiting", retryAt: NOW + 2400, attempt: 3, restarting: false };
const RESTARTING: Link = { ...WAITING, restarting: true };

test.each<[Link, number, Phase, string]>([
  [LIVE, 0, "open", "Saved"],
  [LIVE, 1, "open", "Saving…"],
  [CONNECTING, 0, "open", "Connecting…"],
  [CONNECTING, 1, "open", "Connecting… · 1 change not saved yet"],
  [WAITING, 0, "open", "Reconnecting in 3 s"],
  [WAITING, 2, "open", "Reconnecting in 3 s · 2 changes not saved yet"],
  [RESTARTING, 0, "open", "Server restarting, your work is safe"],
  [
    { state: "connecting", restarting: true },
    1,
    "open",
    "Server restarting, your work is safe · 1 change not saved yet",
  ],
  [OFFLINE, 0, "open", "Offline"],
  [OFFLINE, 12, "open", "Offline · 12 changes not saved yet"],
  [CONNECTING, 0, "opening", "Opening the room…"],
  [LIVE, 0, "opening", "Opening the room…"],
  [WAITING, 0, "opening", "Reconnecting in 3 s"],
  [LIVE, 0, "missing", "Room not found"],
  [LIVE, 3, "outdated", "New version · 3 changes not saved yet"],
])("%o with %i unsaved while %s reads “%s”", (link, unsaved, phase, text) => {
  expect(statusWords(link, unsaved, phase, NOW).text).toBe(text);
});

test("Saved is said in one state alone: live, open, and nothing unsaved", () => {
  const said = new Set<string>();
  for (const link of [LIVE, CONNECTING, WAITING, OFFLINE]) {
    for (const phase of ["opening", "open", "missing", "outdated"] as const) {
      for (const unsaved of [0, 1]) {
        const { text } = statusWords(link, unsaved, phase, NOW);
        if (/\bSaved\b/.test(text)) said.add(`${link.state} ${phase} ${unsaved}`);
      }
    }
  }
  expect([...said]).toEqual(["live open 0"]);
});

test("a person can try now while it waits, and reload for a new version", () => {
  expect(statusWords(WAITING, 0, "open", NOW).action).toBe("retry");
  expect(statusWords(WAITING, 0, "outdated", NOW).action).toBe("reload");
  expect(statusWords(OFFLINE, 1, "open", NOW).action).toBeNull();
});

test("the countdown never reads 0 or less", () => {
  expect(statusWords(WAITING, 0, "open", NOW + 5000).text).toBe("Reconnecting in 1 s");
});

test("the pill says the connection in one word", () => {
  const words = [LIVE, CONNECTING, WAITING, OFFLINE].map((link) => linkWord(link).text);
  expect(words).toEqual(["Live", "Connecting", "Reconnecting", "Offline"]);
});

test("people are counted in words", () => {
  expect([1, 2, 12].map(peopleWords)).toEqual(["1 person", "2 people", "12 people"]);
});

test("the last change has its time, and its day when that was another", () => {
  const at = new Date(2026, 0, 5, 14, 2).getTime();
  const sameDay = new Date(2026, 0, 5, 23, 59).getTime();
  const nextDay = new Date(2026, 0, 6, 0, 1).getTime();
  expect(updatedWords(at, sameDay)).toBe("Updated 14:02");
  expect(updatedWords(at, nextDay)).toBe("Updated 5 Jan, 14:02");
});
