/** Goes to a person's caret, and follows it. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { EditorHandle, Person } from "../session";

type Editor = Pick<EditorHandle, "goTo" | "keepInView" | "moves">;

/** The shown file, and a function that shows another one. */
export interface Files {
  readonly shown: ReadonlySignal<string | null>;
  open(file: string): void;
}

/** ms to wait for a followed person who has left, since a page that is reloaded comes back. */
export const AWAY = 10_000;

export class Following {
  readonly #people: ReadonlySignal<readonly Person[]>;
  readonly #editor: ReadonlySignal<Editor | null>;
  readonly #files: Files;
  #heeded: Editor | null = null;
  #moves: number | undefined;
  /** The person to whom the page goes, and the file that is being opened for that. */
  #going: { person: string; file: string } | null = null;
  readonly #followed = signal<string | null>(null);
  /** The person visited last, until the person here does something. The next `choose` of them follows. */
  readonly #visited = signal<string | null>(null);
  /** The followed person as last seen, and their place. */
  #last: Person | null = null;
  #place: string | undefined;
  /** The followed person while they have left and are waited for. */
  readonly #away = signal<Person | null>(null);
  #waiting: ReturnType<typeof setTimeout> | undefined;
  readonly #say: (words: string) => void;
  readonly #stopWatching: () => void;

  /** `say` tells the person here that following has ended by itself. */
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

  /** Stop following when the person here types, moves or scrolls. A new editor only means another file. */
  #heed(editor: Editor | null, moves: number | undefined): void {
    if (editor === this.#heeded && moves !== this.#moves) this.stop();
    this.#heeded = editor;
    this.#moves = moves;
  }

  /** Stop following when the person here goes to another file. */
  #lookAway(file: string | null): void {
    if (!this.#going && this.#followed.peek() !== null && file !== this.#last?.caret?.file)
      this.stop();
  }

  /** Show a person's place, also in another file. */
  #go(person: Person | undefined, how: "goTo" | "keepInView"): void {
    const file = person?.caret?.file;
    if (!person || file === undefined) return;
    if (file === this.#files.shown.peek()) {
      this.#editor.peek()?.[how](person.person);
      return;
    }
    this.#going = { person: person.person, file };
    this.#files.open(file);
    // If there is no such file, no file is being opened.
    if (this.#files.shown.peek() !== file) this.#going = null;
  }

  /** The editor of the opened file has come. */
  #arrive(editor: Editor | null): void {
    if (!editor || !this.#going || this.#going.file !== this.#files.shown.peek()) return;
    const { person } = this.#going;
    this.#going = null;
    editor.goTo(person);
  }

  /** The followed person; null if there is none. */
  get person(): Person | null {
    return this.#present ?? this.#away.value;
  }

  /** Tells whether the followed person has left and may come back. */
  get away(): boolean {
    return this.#away.value !== null;
  }

  /** Tell whether the next `choose` of this person follows them. */
  isVisited(person: string): boolean {
    return this.#visited.value === person;
  }

  /** The first call goes to the person, the second follows them, the third stops. */
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

  /** Stop everything, because the room is left. */
  close(): void {
    this.#stopWatching();
    this.stop();
  }

  get #present(): Person | null {
    return this.#people.value.find(({ person }) => person === this.#followed.value) ?? null;
  }

  /** Runs after every change of the people. Shows the followed person's place, or waits for them. */
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

  /** Wait for this person, unless that is so already; for null, stop waiting. */
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
