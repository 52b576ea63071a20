/** Tests what a person is told of changes by people, and by programs, that are not in the room. */
import { beforeEach, expect, test } from "vitest";
import { Documents } from "../editor/documents";
import type { Author, Change } from "../link/protocol";
import { Notices } from "../notices/notices";
import { RoomClient } from "../room";
import { Company } from "./company";
import { toldOfOthers } from "./told";

const ann = { person: "ann", name: "Ann", colour: 1 };
let room: RoomClient;
let company: Company;
let notices: Notices;
let own: Change[];

beforeEach(() => {
  room = new RoomClient();
  const text = { id: "main", name: "main.py", language: "python", text: "" };
  room.open({ revision: 0, files: [text] });
  const documents = new Documents(room, () => []);
  company = new Company(ann, room, documents);
  notices = new Notices();
  own = [];
});

function renamed(author: Author | null): string[] {
  if (author) company.meeting.authors?.([author]);
  const listener = toldOfOthers(room, company, notices, (change) => own.push(change));
  const change: Change = { kind: "name", name: "Orbit" };
  const who = author?.client ?? "gone";
  listener.received?.(room.receive(1, [{ who, seq: 1, change }]));
  return notices.all.peek().map(({ text }) => text);
}

test("a program is called by the name that its request had", () => {
  const bot = { client: "c1", person: "q9f", name: "Build bot" };
  expect(renamed(bot)).toEqual(["Build bot renamed the room to “Orbit”"]);
  expect(own).toEqual([]);
});

test("nobody is told of their own request as another's, whatever they are called by now", () => {
  expect(renamed({ client: "c1", person: "ann", name: "Annie" })).toEqual([]);
  expect(own).toHaveLength(1);
});

test("one of whom nothing is known is somebody", () => {
  expect(renamed(null)).toEqual(["Somebody renamed the room to “Orbit”"]);
});
