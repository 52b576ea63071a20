import { type ReadonlySignal, signal } from "@preact/signals";

export interface Notice {
  /** Stays the same for as long as the notice is shown, even when the notice's text changes. */
  id: number;
  kind: "info" | "warn" | "danger";
  text: string;
  /** The number of times this notice has been added. */
  times: number;
  action?: Action;
}

interface Action {
  label: string;
  run(): void;
}

interface More {
  action?: Action | undefined;
  /** Called when the notice is dismissed: the person closed it or ran its action. */
  gone?: (() => void) | undefined;
  /** The topic of the notice. A new notice replaces a shown notice with the same topic. */
  about?: string | undefined;
}

/** The notices that the page shows to the person until each is dismissed. */
export class Notices {
  #count = 0;
  readonly #gone = new Map<number, () => void>();
  readonly #about = new Map<number, string>();
  readonly #all = signal<readonly Notice[]>([]);
  readonly all: ReadonlySignal<readonly Notice[]> = this.#all;

  /**
   * Add a notice. A shown notice with the same text or the same topic is replaced in its place and
   * counts one time more.
   */
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
