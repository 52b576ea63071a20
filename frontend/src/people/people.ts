import { COLOURS } from "../identity";
import type { ClientId, FileId, Profile } from "../link/protocol";

/** One human: the tabs and sockets of one person are one. */
export interface Person extends Profile {
  self: boolean;
  clients: ClientId[];
  /** Counted from 1; null when unknown, and for oneself. */
  caret: { file: FileId; line: number; column: number } | null;
  /** When they last did something that was seen here, and when they last typed: ms since 1970, 0 for never. */
  seen: Seen;
}

export interface Seen {
  activeAt: number;
  typedAt: number;
}

export const NEVER: Seen = { activeAt: 0, typedAt: 0 };

/** ms after an edit for which somebody is said to type, and after anything until they are idle. */
export const TYPING = 3000;
export const IDLE = 5 * 60_000;

/** "unknown" without a connection: then nobody hears what the others do. */
export type Doing = "typing" | "here" | "idle" | "unknown";

/** What somebody else does at `now`; of oneself only that one is here. */
export function doing({ self, seen }: Person, now: number, live = true): Doing {
  if (self) return "here";
  if (!live) return "unknown";
  if (now - seen.typedAt < TYPING) return "typing";
  return now - seen.activeAt < IDLE ? "here" : "idle";
}

/** Oneself first, then the others in the order of their coming, each with the first caret known. */
export function grouped(
  self: Profile & { client: ClientId },
  peers: ReadonlyMap<ClientId, Profile>,
  caretOf: (client: ClientId) => Person["caret"],
  seenOf: (client: ClientId) => Seen,
): Person[] {
  const { client, ...own } = self;
  const people = new Map<string, Person>([
    [own.person, { ...own, self: true, clients: [client], caret: null, seen: NEVER }],
  ]);
  for (const [client, { person, name, colour }] of peers) {
    const known = people.get(person);
    const seen = seenOf(client);
    if (!known) {
      const caret = caretOf(client);
      people.set(person, { person, name, colour, self: false, clients: [client], caret, seen });
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
 * The colour to take among these: that of one's other tabs, else the one that the fewest people
 * have; of several such the own one, or the next after it.
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
