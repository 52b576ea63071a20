/** The server in memory answers as a real one: tests/socket/test_conversations.py asks that the same. */
import { expect, test } from "vitest";
import file from "../../../tests/vectors/conversations.json?raw";
import { CLOSED } from "../link/connection";
import type { ClientMessage, Entry, ServerMessage } from "../link/protocol";
import { encodeChange } from "../link/protocol";
import { CommittedLog } from "./committedLog";
import { Link, Server } from "./wire";

type Says = { type: ClientMessage["type"]; revision?: number };
type Step =
  | [who: string, "joins", Record<string, unknown>, Record<string, unknown>]
  | [who: string, "says", Says]
  | [who: string, "hears", Record<string, unknown> | [number, ...unknown[]]]
  | [who: string, "is closed with", number]
  | [who: string, "opens" | "leaves" | "hears nothing"];

const conversations = JSON.parse(file) as { sentence: string; text?: string; steps: Step[] }[];
const LONGEST = 8;
/** A real room begins with the entry that adds its file. */
const FIRST = 1;

const PROFILE = { protocol: 2, person: "p", name: "n", colour: 0, at: 0 };

class Talk {
  readonly #server: Server;
  readonly #links = new Map<string, Link>();

  constructor(text: string) {
    this.#server = new Server(new CommittedLog(text, LONGEST));
  }

  step(step: Step): void {
    const [who, does, what, answer] = step;
    if (does === "opens" || does === "joins") {
      const opened = new Link();
      this.#links.set(who, opened);
      this.#server.links.push(opened);
    }
    const link = this.#links.get(who);
    if (!link) throw new Error(`${who} has not opened a link`);
    if (does === "joins") this.#say(who, link, { type: "join", ...what });
    if (does === "says") this.#say(who, link, what as Says);
    if (does === "joins") agree(link.down.shift(), { type: "joined", ...answer });
    if (does === "hears") agree(link.down.shift(), what);
    if (does === "hears nothing") expect(link.down).toEqual([]);
    if (does === "is closed with") {
      expect(link.down).toEqual([]);
      expect(link.replaced && CLOSED.replaced).toBe(what);
    }
    if (does === "leaves") this.#server.links.splice(this.#server.links.indexOf(link), 1);
  }

  #say(who: string, link: Link, says: Says): void {
    const revision = says.revision === undefined ? {} : { revision: says.revision - FIRST };
    const introduction = says.type === "join" ? { ...PROFILE, key: who.split(" ")[0] } : {};
    link.up.push({ ...introduction, ...says, ...revision } as ClientMessage);
    this.#server.serve(link);
  }
}

function agree(heard: ServerMessage | undefined, expected: unknown): void {
  if (!heard) throw new Error(`nothing came, not ${JSON.stringify(expected)}`);
  const said = JSON.parse(JSON.stringify(onTheWire(heard)));
  if (Array.isArray(said)) expect(said).toEqual(expected);
  else expect(said).toMatchObject(expected as object);
}

/** As a socket would have it, but that the text of the file stands beside it. */
function onTheWire(message: ServerMessage): unknown {
  if (message.type === "entries") {
    return [message.revision + FIRST, ...message.entries.map(encodeEntry)];
  }
  if (message.type === "joined") {
    const entries = message.entries?.map((entry) => encodeEntry(entry as Entry));
    const text = message.files?.[0]?.text;
    return { ...message, revision: message.revision + FIRST, entries, text };
  }
  return "revision" in message ? { ...message, revision: message.revision + FIRST } : message;
}

function encodeEntry({ who, seq, change }: Entry): unknown[] {
  const encoded = encodeChange(change);
  return encoded[0] === "edit" ? [who, seq, encoded[1], encoded[2]] : [who, seq, encoded];
}

test.each(conversations)("$sentence", ({ text = "abc", steps }) => {
  const talk = new Talk(text);
  for (const step of steps) talk.step(step);
});
