/** The state of the people feature for each shown room. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import { followIdentity, type Identity, saveIdentity } from "../identity";
import { Following } from "./following";
import type { Person } from "./people";

export class PeopleStore {
  readonly following: Following;
  /** The ids and names of the others. Moves of carets do not change it. */
  readonly others: ReadonlySignal<readonly Pick<Person, "person" | "name">[]>;
  readonly #room: RoomContext;
  readonly #identity: Signal<Identity>;

  constructor(room: RoomContext) {
    const { session, editor, identity } = room;
    this.#room = room;
    this.#identity = signal(identity);
    const files = {
      shown: computed(() => session.activeFile.value?.id ?? null),
      open: (file: string) => session.open(file),
    };
    const tell = (words: string) => session.say("info", words);
    this.following = new Following(session.people, editor, files, tell);
    const names = computed(() =>
      JSON.stringify(
        session.people.value
          .filter(({ self }) => !self)
          .map(({ person, name }) => ({ person, name })),
      ),
    );
    this.others = computed(() => JSON.parse(names.value));
  }

  /** The person here, with the colour that they have in the room. Reads signals. */
  get identity(): Identity {
    const kept = this.#identity.value;
    return { ...kept, colour: this.#room.session.people.value[0]?.colour ?? kept.colour };
  }

  /** The name of the file that a person is in; null if it is the shown file. Reads signals. */
  fileOf({ caret }: Person): string | null {
    const { activeFile, files } = this.#room.session;
    if (!caret || caret.file === activeFile.value?.id) return null;
    return files.value.find(({ id }) => id === caret.file)?.path.replace(/^.*\//, "") ?? null;
  }

  /** Take another name or colour, and keep it on this device. */
  save(name: string, colour: number): void {
    const chosen = this.#identity.peek().chosen || colour !== this.identity.colour;
    const changed = { ...this.#identity.peek(), name, colour, chosen };
    this.#identity.value = changed;
    saveIdentity(changed);
    this.#room.session.introduce(name, colour, chosen);
  }

  /** From now on, take the name and colour that other tabs keep. Returns a function that ends this and following. */
  attend(): () => void {
    const { session } = this.#room;
    const stop = followIdentity((kept) => {
      this.#identity.value = kept;
      const colour = kept.chosen ? kept.colour : (session.people.peek()[0]?.colour ?? kept.colour);
      session.introduce(kept.name, colour, kept.chosen);
    });
    return () => {
      stop();
      this.following.close();
    };
  }
}

const stores = new WeakMap<RoomContext, PeopleStore>();

/** The store of a room. It is made at the first call. */
export function peopleOf(room: RoomContext): PeopleStore {
  const store = stores.get(room) ?? new PeopleStore(room);
  stores.set(room, store);
  return store;
}
