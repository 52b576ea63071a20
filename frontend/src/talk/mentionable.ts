/** The people whom messages of a room may mention. */
import type { ReadonlySignal } from "@preact/signals";
import { doorsOf } from "../access/api";
import type { RoomContext } from "../feature";
import type { Named } from "./mentions";
import type { Message } from "./messages";

/** ms for which the list of members holds. */
const HOLDS = 60_000;

export class Mentionable {
  readonly #room: RoomContext;
  readonly #said: ReadonlySignal<readonly Message[]>;
  #members: readonly string[] = [];
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(room: RoomContext, said: ReadonlySignal<readonly Message[]>) {
    this.#room = room;
    this.#said = said;
  }

  /** The people in the room, and the authors of messages in the chat. Everybody in the room knows them. */
  get people(): readonly Named[] {
    const here = this.#room.session.people.peek();
    const found = new Map<string, Named>(here.map((one) => [one.person, one]));
    for (const { person, author, who, text } of this.#said.peek()) {
      // A program without a person of its own has `who` in its place.
      if (person === who || text === null || found.has(person)) continue;
      found.set(person, { person, name: author, self: person === this.#room.identity.person });
    }
    return [...found.values()];
  }

  /** The names of the members. Only the owner may know them: for others there are none. */
  get names(): readonly string[] {
    return this.#members;
  }

  /** Ask for the members, if the person here may know them. Returns whether the list has changed. */
  async refresh(): Promise<boolean> {
    if (this.#room.session.standing.peek().role !== "owner") {
      this.#members = [];
      return false;
    }
    if (Date.now() < this.#askedAt + HOLDS) return false;
    this.#askedAt = Date.now();
    try {
      const members = await doorsOf(this.#room.id).members();
      this.#members = members.flatMap(({ role, name }) =>
        name && role !== "none" && role !== "owner" ? [name] : [],
      );
      return true;
    } catch {
      this.#askedAt = Number.NEGATIVE_INFINITY; // The next @ asks again.
      return false;
    }
  }
}
