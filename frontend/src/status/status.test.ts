import { expect, test } from "vitest";
import type { Link } from "../link/connection";
import type { Phase } from "../link/events";
import { linkWord, statusWords, updatedWords } from "./status";

const NOW = 1_767_225_600_000;
const LIVE: Link = { state: "live" };
const CONNECTING: Link = { state: "connecting", restarting: false };
const OFFLINE: Link = { state: "offline" };
const WAITING: Link = { state: "waiting", retryAt: NOW + 2400, attempt: 3, restarting: false };
const RESTARTING: Link = { ...WAITING, restarting: true };

test.each<[Link, number, number | null, Phase, string]>([
  [LIVE, 0, 0, "open", "Saved"],
  [LIVE, 1, 1, "open", "Saving…"],
  [{ state: "live", doubted: true }, 0, 0, "open", "Checking…"],
  [{ state: "live", doubted: true }, 1, 1, "open", "Checking… · 1 change kept on this device"],
  [CONNECTING, 0, 0, "open", "Connecting…"],
  [CONNECTING, 1, 1, "open", "Connecting… · 1 change kept on this device"],
  [WAITING, 0, 0, "open", "Reconnecting in 3 s"],
  [WAITING, 2, 2, "open", "Reconnecting in 3 s · 2 changes kept on this device"],
  [RESTARTING, 0, 0, "open", "Server restarting, your work is safe"],
  [
    { state: "connecting", restarting: true },
    1,
    1,
    "open",
    "Server restarting, your work is safe · 1 change kept on this device",
  ],
  [OFFLINE, 0, 0, "open", "Offline"],
  [OFFLINE, 12, 12, "open", "Offline · 12 changes kept on this device"],
  [OFFLINE, 12, 11, "open", "Offline · 11 changes kept on this device"],
  [OFFLINE, 11, 12, "open", "Offline · 11 changes kept on this device"],
  [OFFLINE, 1, 0, "open", "Offline · 1 change not saved yet"],
  [OFFLINE, 12, null, "open", "Offline · 12 changes kept in this tab"],
  [CONNECTING, 0, 0, "opening", "Opening the room…"],
  [LIVE, 0, 0, "opening", "Opening the room…"],
  [WAITING, 0, 0, "opening", "Reconnecting in 3 s"],
  [LIVE, 0, 0, "missing", "Room not found"],
  [LIVE, 3, 3, "outdated", "New version · 3 changes kept on this device"],
])("%o with %i unsaved, %o kept, while %s reads “%s”", (link, unsaved, kept, phase, text) => {
  expect(statusWords(link, { unsaved, kept }, phase, NOW).text).toBe(text);
});

test.each([
  [0, "saved", "Saved"],
  [0, "editing", "Editing…"],
  [1, "editing", "Editing…"],
  [1, "saved", "Editing…"],
  [1, "saving", "Saving…"],
] as const)("%i unsaved and the word “%s” read “%s”", (unsaved, word, text) => {
  expect(statusWords(LIVE, { unsaved, kept: unsaved, word }, "open", NOW).text).toBe(text);
});

const saved = { unsaved: 0, kept: 0 };

test("Saved is said in one state alone: live beyond doubt, open, and nothing unsaved", () => {
  const said = new Set<string>();
  const doubted: Link = { state: "live", doubted: true };
  for (const link of [LIVE, doubted, CONNECTING, WAITING, OFFLINE]) {
    for (const phase of ["opening", "open", "missing", "outdated"] as const) {
      for (const pending of [saved, { unsaved: 1, kept: 0 }, { unsaved: 1, kept: 1 }]) {
        const { text } = statusWords(link, pending, phase, NOW);
        if (/\bSaved\b/.test(text)) said.add(JSON.stringify([link, phase, pending.unsaved]));
      }
    }
  }
  expect([...said]).toEqual([JSON.stringify([LIVE, "open", 0])]);
});

test("a person can try now while it waits, and reload for a new version", () => {
  expect(statusWords(WAITING, saved, "open", NOW).action).toBe("retry");
  expect(statusWords(WAITING, saved, "outdated", NOW).action).toBe("reload");
  expect(statusWords(OFFLINE, { unsaved: 1, kept: 1 }, "open", NOW).action).toBeNull();
});

test("saving that takes long says how much is not saved yet, until the next change is sent", () => {
  const words = (since: number) =>
    statusWords(LIVE, { unsaved: 2, kept: null, since }, "open", NOW);
  expect(words(NOW - 2000).text).toBe("Saving…");
  expect(words(NOW - 3000)).toEqual({
    tone: "warn",
    text: "Saving… · 2 changes not saved yet",
    action: null,
  });
});

test("the countdown never reads 0 or less", () => {
  expect(statusWords(WAITING, saved, "open", NOW + 5000).text).toBe("Reconnecting in 1 s");
});

test("the pill says the connection in one word", () => {
  const links = [LIVE, CONNECTING, WAITING, OFFLINE, RESTARTING];
  const words = links.map((link) => linkWord(link, "open").text);
  expect(words).toEqual(["Live", "Connecting", "Reconnecting", "Offline", "Restarting"]);
  // The network of an outdated page works.
  expect(linkWord(OFFLINE, "outdated").text).toBe("New version");
});

test("the last change has its time, and its day when that was another", () => {
  const at = new Date(2026, 0, 5, 14, 2).getTime();
  const sameDay = new Date(2026, 0, 5, 23, 59).getTime();
  const nextDay = new Date(2026, 0, 6, 0, 1).getTime();
  expect(updatedWords(at, sameDay)).toBe("Updated 14:02");
  expect(updatedWords(at, nextDay)).toBe("Updated 5 Jan, 14:02");
});
