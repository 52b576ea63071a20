/** Going where somebody is, and staying with them. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { EditorHandle, Person } from "../session";

type Editor = Pick<EditorHandle, "goTo" | "keepInView" | "moves">;

/** The file that is shown, and the way to another one. */
export interface Files {
  readonly shown: ReadonlySignal<string | null>;
  open(file: string): void;
}

/** ms for which somebody who has gone is waited for: a page that is loaded again comes back. */
export const AWAY = 10_000;

export class Following {
  readonly #people: ReadonlySignal<readonly Person[]>;
  readonly #editor: ReadonlySignal<Editor | null>;
  readonly #files: Files;
  #heeded: Editor | null = null;
  #moves: number | undefined;
  /** Whose file is being opened. */
  #going: { person: string; file: string } | null = null;
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
    files: Files,
    say: (words: string) => void,
  ) {
    this.#people = people;
    this.#editor = editor;
    this.#files = files;
    this.#say = say;
    const stops = [
      effect(() => this.#heed(editor.value, editor.value?.moves.value)),
      effect(() => this.#arrive(editor.value)),
      effect(() => this.#lookAway(files.shown.value)),
      effect(() => this.#keepUp()),
    ];
    this.#stopWatching = () => {
      for (const stop of stops) stop();
    };
  }

  /** Who types, moves or scrolls by themselves stops following. Another file has another editor. */
  #heed(editor: Editor | null, moves: number | undefined): void {
    if (editor === this.#heeded && moves !== this.#moves) this.stop();
    this.#heeded = editor;
    this.#moves = moves;
  }

  /** Who goes to another file by themselves stops following. */
  #lookAway(file: string | null): void {
    if (!this.#going && this.#followed.peek() !== null && file !== this.#last?.caret?.file)
      this.stop();
  }

  /** Show where somebody is, in another file if they are there. */
  #go(person: Person | undefined, how: "goTo" | "keepInView"): void {
    const file = person?.caret?.file;
    if (!person || file === undefined) return;
    if (file === this.#files.shown.peek()) {
      this.#editor.peek()?.[how](person.person);
      return;
    }
    this.#going = { person: person.person, file };
    this.#files.open(file);
    // Where there is no such file, nothing is on its way.
    if (this.#files.shown.peek() !== file) this.#going = null;
  }

  /** The editor of the file that was gone to is here. */
  #arrive(editor: Editor | null): void {
    if (!editor || !this.#going || this.#going.file !== this.#files.shown.peek()) return;
    const { person } = this.#going;
    this.#going = null;
    editor.goTo(person);
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
    this.#go(
      this.#people.peek().find((one) => one.person === person),
      "goTo",
    );
    this.#visited.value = person;
  }

  follow(person: string): void {
    this.visit(person);
    this.#last = this.#people.peek().find((one) => one.person === person) ?? null;
    this.#followed.value = person;
  }

  stop(): void {
    this.#followed.value = null;
    this.#visited.value = null;
    this.#last = null;
    this.#going = null;
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
    const moved = place !== this.#place;
    this.#place = place;
    this.#last = person;
    if (moved) this.#go(person, "keepInView");
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
