/** Going where somebody is, and staying with them. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { EditorHandle, Person } from "../session";

type Editor = Pick<EditorHandle, "goTo" | "keepInView" | "moves">;

/** ms for which somebody who has gone is waited for: a page that is loaded again comes back. */
export const AWAY = 10_000;

export class Following {
  readonly #people: ReadonlySignal<readonly Person[]>;
  readonly #editor: ReadonlySignal<Editor | null>;
  readonly #followed = signal<string | null>(null);
  /** To whom the last visit was, until the person here does something: the next one follows. */
  readonly #visited = signal<string | null>(null);
  /** The followed one as they were last, and where. */
  #last: Person | null = null;
  #place: string | undefined;
  /** The followed one, for as long as they are gone and waited for. */
  readonly #away = signal<Person | null>(null);
  #waiting: ReturnType<typeof setTimeout> | undefined;
  readonly #say: (words: string) => void;
  readonly #stopWatching: () => void;

  /** `say` tells the person here that the following has come to an end by itself. */
  constructor(
    people: ReadonlySignal<readonly Person[]>,
    editor: ReadonlySignal<Editor | null>,
    say: (words: string) => void,
  ) {
    this.#people = people;
    this.#editor = editor;
    this.#say = say;
    let seen = editor.peek()?.moves.peek();
    const stopListening = effect(() => {
      const moves = this.#editor.value?.moves.value;
      if (moves !== seen) this.stop();
      seen = moves;
    });
    const stopFollowing = effect(() => this.#keepUp());
    this.#stopWatching = () => {
      stopListening();
      stopFollowing();
    };
  }

  /** The one who is followed, if somebody is. */
  get person(): Person | null {
    return this.#present ?? this.#away.value;
  }

  /** Whether they have gone, and may come back. */
  get away(): boolean {
    return this.#away.value !== null;
  }

  /** Whether the next `choose` of somebody follows them. */
  isVisited(person: string): boolean {
    return this.#visited.value === person;
  }

  /** Once: go where they are. Again: follow. And again: stop. */
  choose(person: string): void {
    if (this.#followed.peek() === person) this.stop();
    else if (this.#visited.peek() === person) this.follow(person);
    else this.visit(person);
  }

  visit(person: string): void {
    this.stop();
    this.#editor.peek()?.goTo(person);
    this.#visited.value = person;
  }

  follow(person: string): void {
    this.visit(person);
    this.#followed.value = person;
  }

  stop(): void {
    this.#followed.value = null;
    this.#visited.value = null;
    this.#last = null;
    this.#expect(null);
  }

  /** No more of this: the room is left. */
  close(): void {
    this.#stopWatching();
    this.stop();
  }

  get #present(): Person | null {
    return this.#people.value.find(({ person }) => person === this.#followed.value) ?? null;
  }

  /** Runs whenever somebody has done something; who has left is waited for. */
  #keepUp(): void {
    const followed = this.#followed.value;
    if (followed === null) return;
    const person = this.#present;
    this.#expect(person ? null : this.#last);
    if (!person) return;
    const place = JSON.stringify(person.caret);
    if (place !== this.#place) this.#editor.value?.keepInView(followed);
    this.#place = place;
    this.#last = person;
  }

  /** Wait for this one, if not so already; for null, for nobody. */
  #expect(person: Person | null): void {
    this.#away.value = person;
    if (!person) {
      clearTimeout(this.#waiting);
      this.#waiting = undefined;
      return;
    }
    this.#place = undefined;
    this.#waiting ??= setTimeout(() => {
      this.stop();
      this.#say(`${person.name} has left. You no longer follow them.`);
    }, AWAY);
  }
}
