import type { ClientId, FileId, Profile } from "./protocol";

/** One human: the tabs and sockets of one person are one. */
export interface Person extends Profile {
  self: boolean;
  clients: ClientId[];
  /** Counted from 1; null when unknown, and for oneself. */
  caret: { file: FileId; line: number; column: number } | null;
}

/** Oneself first, then the others in the order of their coming, each with the first caret known. */
export function grouped(
  self: Profile & { client: ClientId },
  peers: ReadonlyMap<ClientId, Profile>,
  caretOf: (client: ClientId) => Person["caret"],
): Person[] {
  const { client, ...own } = self;
  const people = new Map<string, Person>([
    [own.person, { ...own, self: true, clients: [client], caret: null }],
  ]);
  for (const [client, { person, name, colour }] of peers) {
    const known = people.get(person);
    if (!known) {
      const caret = caretOf(client);
      people.set(person, { person, name, colour, self: false, clients: [client], caret });
    } else {
      known.clients.push(client);
      if (!known.self) known.caret ??= caretOf(client);
    }
  }
  return [...people.values()];
}
