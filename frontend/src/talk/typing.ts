/** Tracks who is typing a message, and tells the others when the person here is. */
import { computed, signal } from "@preact/signals";
import type { RoomContext } from "../feature";

/** ms. */
const TYPING_FOR = 5000;
const TYPING_EVERY = 2500;

export class Typing {
  readonly #session: RoomContext["session"];
  /** The clients that type, and until when. */
  readonly #until = signal<ReadonlyMap<string, number>>(new Map());
  #toldAt = 0;

  constructor({ session }: RoomContext) {
    this.#session = session;
  }

  /** The names of the people who type. */
  readonly names = computed(() => {
    const people = this.#session.people.value;
    const found = [...this.#until.value.keys()].flatMap((client) => {
      const person = people.find((one) => !one.self && one.clients.includes(client));
      return person ? [person.name] : [];
    });
    return [...new Set(found)];
  });

  /** Tell the others that the person here types. */
  tell(): void {
    if (Date.now() < this.#toldAt + TYPING_EVERY) return;
    this.#toldAt = Date.now();
    this.#session.send({ type: "typing" });
  }

  /** Take in that a client types. */
  hear(client: string): void {
    const until = Date.now() + TYPING_FOR;
    this.#until.value = new Map(this.#until.peek()).set(client, until);
    setTimeout(() => {
      const now = Date.now();
      this.#keep(([, end]) => end > now);
    }, TYPING_FOR + 50);
  }

  /** Take in that a person has said something, and so types no more. */
  said(person: string): void {
    const clients = this.#session.people
      .peek()
      .filter((one) => one.person === person)
      .flatMap(({ clients }) => clients);
    this.#keep(([client]) => !clients.includes(client));
  }

  #keep(kept: (one: [string, number]) => boolean): void {
    const left = [...this.#until.peek()].filter(kept);
    if (left.length < this.#until.peek().size) this.#until.value = new Map(left);
  }
}
