import { signal } from "@preact/signals";
import { afterEach, expect, test, vi } from "vitest";
import type { RoomContext } from "../feature";
import type { Role } from "../link/protocol";
import { Mentionable } from "./mentionable";
import type { Message } from "./messages";

const MEMBERS = [
  { who: "1", role: "owner", name: "Olga" },
  { who: "2", role: "editor", name: "Cy Moss" },
  { who: "3", role: "none", name: "Gone" },
  { who: "4", role: "viewer", name: null },
];
const here = { name: "Ann", person: "a", self: false };
const said = (person: string, author: string, text: string | null, who = "w") =>
  ({ person, author, text, who }) as Message;

function of(role: Role, messages: Message[] = []): Mentionable {
  const session = { people: signal([here]), standing: signal({ role }) };
  const room = { id: "room", identity: { person: "me" }, session } as unknown as RoomContext;
  return new Mentionable(room, signal(messages));
}

function answering(): ReturnType<typeof vi.fn> {
  const asked = vi.fn(async () => new Response(JSON.stringify(MEMBERS)));
  vi.stubGlobal("fetch", asked);
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

test("the owner may mention members who are away, and asks for them once", async () => {
  const asked = answering();
  const mentionable = of("owner");
  expect(await mentionable.refresh()).toBe(true);
  expect(await mentionable.refresh()).toBe(false);
  expect(mentionable.names).toEqual(["Cy Moss"]);
  expect(asked).toHaveBeenCalledOnce();
});

test("who may not know the members asks for none", async () => {
  const asked = answering();
  const mentionable = of("editor");
  expect(await mentionable.refresh()).toBe(false);
  expect(mentionable.names).toEqual([]);
  expect(asked).not.toHaveBeenCalled();
});

test("who has said something may be mentioned when away, but no program and nobody twice", () => {
  const { people } = of("editor", [
    said("b", "Bo", "hello"),
    said("b", "Bo", "again"),
    said("a", "Ann of yesterday", "hi"),
    said("d", "Deleted", null),
    said("w", "REST API", "built", "w"),
    said("me", "Me", "mine"),
  ]);
  expect(people.map(({ name, self }) => [name, self])).toEqual([
    ["Ann", false],
    ["Bo", false],
    ["Me", true],
  ]);
});
