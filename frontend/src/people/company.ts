/** The people in a room and the places of their carets. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { redrawCarets } from "../editor/carets";
import type { Documents } from "../editor/documents";
import type { Listener } from "../link/events";
import type { Author, Caret, ClientId, Joined, Profile, Ranked } from "../link/protocol";
import type { RoomClient } from "../room";
import { grouped, NEVER, type Person, type Seen } from "./people";

/** An author of whom nothing is known. */
const NOBODY = { person: "", name: "Somebody" };
/** The number of authors not in the room who are remembered. */
const REMEMBERED = 100;
/** ms for which moves of carets are gathered before `people` changes. */
const GATHER = 200;

export class Company {
  readonly #people = signal<readonly Person[]>([]);
  /** All people. The person here is the first. */
  readonly people: ReadonlySignal<readonly Person[]> = this.#people;
  readonly #room: RoomClient;
  readonly #documents: Documents;
  readonly #peers = new Map<ClientId, Profile & Ranked>();
  /** The authors of entries who are not in the room: programs, and people who have left. */
  readonly #away = new Map<ClientId, Author>();
  /** The places of the others before a `joined`. */
  readonly #placesBefore = new Map<ClientId, string>();
  readonly #seen = new Map<ClientId, Seen>();
  #self: Profile;
  #gathering: ReturnType<typeof setTimeout> | undefined;

  /** A listener to tell before the texts change, so that people are known before their carets are shown. */
  readonly meeting: Listener = {
    joined: ({ people, authors }) => {
      this.meet(people);
      this.remember(authors ?? []);
    },
    authors: (authors) => this.remember(authors),
    people: (message) => {
      if (message.type === "person") this.person(message.client, message);
      else if (message.type === "presence") this.presence(message.client, message);
      else this.left(message.client);
    },
  };
  /** A listener to tell after the texts have changed. */
  readonly placing: Listener = {
    joined: ({ people }) => this.placeCarets(people),
    received: ({ carets }) => this.typed(carets.keys()),
    // The lines of the carets in it are known from now on.
    came: () => this.gather(),
  };

  constructor(self: Profile, room: RoomClient, documents: Documents) {
    this.#self = self;
    this.#room = room;
    this.#documents = documents;
    this.show();
  }

  get self(): Profile {
    return this.#self;
  }

  set self(self: Profile) {
    this.#self = self;
    this.show();
  }

  profileOf(client: ClientId): Profile | undefined {
    return this.#peers.get(client);
  }

  /** The name and the person of a client, in the room or not. */
  authorOf(client: ClientId): Pick<Profile, "person" | "name"> {
    return this.#peers.get(client) ?? this.#away.get(client) ?? NOBODY;
  }

  /** Tell whether a client stands for a request that the person here has sent to the server. */
  isOwnRequest(client: ClientId): boolean {
    return !this.#peers.has(client) && this.#away.get(client)?.person === this.#self.person;
  }

  remember(authors: readonly Author[]): void {
    for (const author of authors) this.#away.set(author.client, author);
    for (const client of this.#away.keys()) {
      if (this.#away.size <= REMEMBERED) break;
      this.#away.delete(client);
    }
  }

  /** The first client of a person that has a caret. */
  caretedClient(person: string): ClientId | undefined {
    const clients = this.#people.peek().find((other) => other.person === person)?.clients;
    return clients?.find((client) => this.#documents.caretOf(client));
  }

  /** Take these as all the others. `placeCarets` places their carets once the texts are there. */
  meet(people: Joined["people"]): void {
    this.#placesBefore.clear();
    for (const client of this.#peers.keys()) {
      this.#placesBefore.set(client, this.#place(client));
      this.#documents.showCaret(client, null);
    }
    this.#peers.clear();
    for (const peer of people) this.#peers.set(peer.client, peer);
    for (const client of this.#seen.keys()) if (!this.#peers.has(client)) this.#seen.delete(client);
    for (const client of this.#peers.keys()) if (!this.#seen.has(client)) this.#active(client);
  }

  placeCarets(people: Joined["people"]): void {
    for (const { client, caret } of people) {
      this.#documents.showCaret(client, caret);
      // Nobody told what they did while this page was away, but a moved caret shows that they did something.
      if (this.#place(client) !== this.#placesBefore.get(client)) this.#active(client);
    }
    this.show();
  }

  /** A client came, or its person changed name or colour. */
  person(client: ClientId, profile: Profile & Ranked): void {
    this.#peers.set(client, profile);
    this.#active(client);
    this.show();
  }

  presence(client: ClientId, caret: Caret): void {
    this.#documents.showCaret(client, caret);
    this.#active(client);
    this.gather();
  }

  /** These clients have just edited. */
  typed(clients: Iterable<ClientId>): void {
    const now = Date.now();
    for (const client of clients) {
      if (this.#peers.has(client)) this.#seen.set(client, { activeAt: now, typedAt: now });
    }
    this.gather();
  }

  left(client: ClientId): void {
    this.#peers.delete(client);
    this.#seen.delete(client);
    this.#documents.showCaret(client, null);
    this.show();
  }

  /** Carets have moved, so update `people` soon. */
  gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#people.value = this.#grouped();
    }, GATHER);
  }

  show(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#people.value = this.#grouped();
    this.#documents.tell(redrawCarets.of(null));
  }

  close(): void {
    clearTimeout(this.#gathering);
  }

  #place(client: ClientId): string {
    return JSON.stringify(this.#documents.caretOf(client));
  }

  #active(client: ClientId): void {
    const { typedAt } = this.#seen.get(client) ?? NEVER;
    this.#seen.set(client, { activeAt: Date.now(), typedAt });
  }

  #grouped(): Person[] {
    const self = { ...this.#self, client: this.#room.client };
    return grouped(
      self,
      this.#peers,
      (client) => this.#documents.caretOf(client),
      (client) => this.#seen.get(client) ?? NEVER,
    );
  }
}
