import { type ReadonlySignal, signal } from "@preact/signals";

export interface Notice {
  /** The same for as long as the notice is shown, also when it says something else by now. */
  id: number;
  kind: "info" | "warn" | "danger";
  text: string;
  /** How often it has been said. */
  times: number;
  action?: Action;
}

interface Action {
  label: string;
  run(): void;
}

interface More {
  action?: Action | undefined;
  /** Called once the person has done without the notice, or has done the action. */
  gone?: (() => void) | undefined;
  /** What the notice is about: it takes the place of a shown one about the same. */
  about?: string | undefined;
}

/** What the page has to say to the person, until it is dismissed. */
export class Notices {
  #count = 0;
  readonly #gone = new Map<number, () => void>();
  readonly #about = new Map<number, string>();
  readonly #all = signal<readonly Notice[]>([]);
  readonly all: ReadonlySignal<readonly Notice[]> = this.#all;

  /** What is there already, in the same words or about the same, is said once more in its place. */
  add(kind: Notice["kind"], text: string, { action, gone, about }: More = {}): void {
    const all = this.#all.peek();
    const same = all.find(
      (other) => other.text === text || (about && this.#about.get(other.id) === about),
    );
    const id = same?.id ?? ++this.#count;
    if (gone) this.#gone.set(id, gone);
    if (about) this.#about.set(id, about);
    const notice: Notice = { id, kind, text, times: (same?.times ?? 0) + 1 };
    if (action) notice.action = action;
    this.#all.value = same
      ? all.map((other) => (other === same ? notice : other))
      : [...all, notice];
  }

  dismiss(id: number): void {
    this.#all.value = this.#all.peek().filter((notice) => notice.id !== id);
    this.#about.delete(id);
    this.#gone.get(id)?.();
    this.#gone.delete(id);
  }
}
