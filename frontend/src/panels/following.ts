/** Going where somebody is, and staying with them. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { EditorHandle, Person } from "../session";

type Editor = Pick<EditorHandle, "goTo" | "keepInView" | "moves">;

export class Following {
  readonly #people: ReadonlySignal<readonly Person[]>;
  readonly #editor: ReadonlySignal<Editor | null>;
  readonly #followed = signal<string | null>(null);
  /** To whom the last visit was, until the person here does something: the next one follows. */
  readonly #visited = signal<string | null>(null);
  /** Where the followed one was last. */
  #place: string | undefined;
  readonly #stopWatching: () => void;

  constructor(people: ReadonlySignal<readonly Person[]>, editor: ReadonlySignal<Editor | null>) {
    this.#people = people;
    this.#editor = editor;
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
    return this.#people.value.find(({ person }) => person === this.#followed.value) ?? null;
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
  }

  /** No more of this: the room is left. */
  close(): void {
    this.#stopWatching();
  }

  /** Runs whenever somebody has done something; who has left is followed no more. */
  #keepUp(): void {
    const followed = this.#followed.value;
    if (followed === null) return;
    const person = this.#people.value.find((other) => other.person === followed);
    const place = JSON.stringify(person?.caret);
    if (!person) this.stop();
    else if (place !== this.#place) this.#editor.value?.keepInView(followed);
    this.#place = place;
  }
}
