import { COLOURS } from "../identity";
import type { ClientId, FileId, Profile, Ranked } from "../link/protocol";

/** A human. All their tabs and sockets belong to the one person. */
export interface Person extends Profile, Ranked {
  self: boolean;
  clients: ClientId[];
  /** Line and column count from 1; in a file that was not opened here the line is null. Null if unknown, and for the person here. */
  caret: { file: FileId; line: number | null; column: number } | null;
  /** The times at which this page last saw them do something, and type: ms since 1970, 0 for never. */
  seen: Seen;
}

export interface Seen {
  activeAt: number;
  typedAt: number;
}

export const NEVER: Seen = { activeAt: 0, typedAt: 0 };

/** TYPING: ms after an edit for which a person counts as typing. IDLE: ms after anything until they are idle. */
export const TYPING = 3000;
export const IDLE = 5 * 60_000;

/** "unknown" without a connection, since the page then does not hear what others do. */
export type Doing = "typing" | "here" | "idle" | "unknown";

/** Return what a person does at `now`. The person here is always "here". */
export function doing({ self, seen }: Person, now: number, live = true): Doing {
  if (self) return "here";
  if (!live) return "unknown";
  if (now - seen.typedAt < TYPING) return "typing";
  return now - seen.activeAt < IDLE ? "here" : "idle";
}

/** The person here, then the others in the order in which they came, each with their first known caret. */
export function grouped(
  self: Profile & { client: ClientId },
  peers: ReadonlyMap<ClientId, Profile & Ranked>,
  caretOf: (client: ClientId) => Person["caret"],
  seenOf: (client: ClientId) => Seen,
): Person[] {
  const { client, ...own } = self;
  const people = new Map<string, Person>([
    [own.person, { ...own, self: true, clients: [client], caret: null, seen: NEVER }],
  ]);
  for (const [client, { person, name, colour, role, who, agent }] of peers) {
    const known = people.get(person);
    const seen = seenOf(client);
    if (!known) {
      const caret = caretOf(client);
      const ranked: Ranked = {
        ...(role && { role }),
        ...(who && { who }),
        ...(agent && { agent }),
      };
      const known = {
        person,
        name,
        colour,
        ...ranked,
        self: false,
        clients: [client],
        caret,
        seen,
      };
      people.set(person, known);
    } else {
      known.clients.push(client);
      if (known.self) continue;
      known.caret ??= caretOf(client);
      known.seen = later(known.seen, seen);
    }
  }
  return [...people.values()];
}

/**
 * The colour for the person here among the others: that of their other tabs, or else one that the fewest
 * people have. Of several such colours it is their own, or the next one after it.
 */
export function ownColour({ person, colour }: Profile, others: readonly Profile[]): number {
  const tab = others.find((other) => other.person === person);
  if (tab) return tab.colour;
  const colourOf = new Map(others.map((other) => [other.person, other.colour]));
  const users = new Array<number>(COLOURS).fill(0);
  for (const taken of colourOf.values()) users[taken] = (users[taken] ?? 0) + 1;
  const inTurn = Array.from({ length: COLOURS }, (_, step) => (colour + step) % COLOURS);
  const fewest = Math.min(...users);
  return inTurn.find((one) => users[one] === fewest) ?? colour;
}

function later(one: Seen, other: Seen): Seen {
  return {
    activeAt: Math.max(one.activeAt, other.activeAt),
    typedAt: Math.max(one.typedAt, other.typedAt),
  };
}
