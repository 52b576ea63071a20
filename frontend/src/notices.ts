import { type ReadonlySignal, signal } from "@preact/signals";

export interface Notice {
  id: number;
  kind: "info" | "warn" | "danger";
  text: string;
  action?: { label: string; run(): void };
}

/** What the page has to say to the person, until it is dismissed. */
export class Notices {
  #count = 0;
  readonly #gone = new Map<number, () => void>();
  readonly #all = signal<readonly Notice[]>([]);
  readonly all: ReadonlySignal<readonly Notice[]> = this.#all;

  /**
   * What is there already in the same words is said once more, and shown once. `gone` is called once
   * the person has done without it, or has done the action.
   */
  add(kind: Notice["kind"], text: string, action?: Notice["action"], gone?: () => void): void {
    this.#count++;
    if (gone) this.#gone.set(this.#count, gone);
    const notice: Notice = { id: this.#count, kind, text, ...(action && { action }) };
    const others = this.#all.peek().filter((other) => other.text !== text);
    this.#all.value = [...others, notice];
  }

  dismiss(id: number): void {
    this.#all.value = this.#all.peek().filter((notice) => notice.id !== id);
    this.#gone.get(id)?.();
    this.#gone.delete(id);
  }
}
