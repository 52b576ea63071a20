import { expect, test } from "vitest";
import type { Link } from "../link/connection";
import { type Moment, news } from "./news";

const here = (link: Link["state"], ...names: string[]): Moment => ({
  link,
  others: new Map(names.map((name) => [name.toLowerCase(), name])),
});

test.each<[string, Moment, Moment, string]>([
  ["nothing", here("live", "Ana"), here("live", "Ana"), ""],
  ["one comes", here("live"), here("live", "Ana"), "Ana joined."],
  ["one leaves", here("live", "Ana"), here("live"), "Ana left."],
  [
    "some come and one leaves",
    here("live", "Ana"),
    here("live", "Bo", "Cy", "Di"),
    "Bo, Cy and Di joined. Ana left.",
  ],
  ["many come", here("live"), here("live", "Ana", "Bo", "Cy", "Di"), "4 people joined."],
  [
    "the link breaks",
    here("live", "Ana"),
    here("waiting", "Ana"),
    "Connection lost. You can go on typing.",
  ],
  [
    "the network goes",
    here("live", "Ana"),
    here("offline", "Ana"),
    "You are offline. You can go on typing.",
  ],
  ["it tries again", here("waiting", "Ana"), here("connecting", "Ana"), ""],
  [
    "the link is back, and so is somebody",
    here("connecting", "Ana"),
    here("live", "Bo"),
    "Connected. Bo joined. Ana left.",
  ],
  ["nobody is known while it is down", here("waiting", "Ana"), here("waiting"), ""],
])("when %s, it says so in one text", (_, before, after, text) => {
  expect(news(before, after)).toBe(text);
});

test("a new name of somebody who is here is no coming and going", () => {
  const renamed = { link: "live" as const, others: new Map([["ana", "Anna"]]) };
  expect(news(here("live", "Ana"), renamed)).toBe("");
});
