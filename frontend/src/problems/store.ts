/** Keeps the problems in the files of the room, as far as the server has told them. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import type { FileId } from "../link/protocol";

export interface Problem {
  /** The place, in code points; the line and the column count from 1. */
  start: number;
  end: number;
  line: number;
  column: number;
  severity: "error" | "warning" | "info" | "hint";
  message: string;
  code: string;
  source: string;
}

/** The answer for one file. `servers` have looked at it; none has where nothing knows the language. */
export interface Checked {
  servers: readonly string[];
  problems: readonly Problem[];
}

export interface Counts {
  errors: number;
  warnings: number;
}

export interface ProblemStore {
  /** By file, the newest answer. */
  readonly checked: Signal<ReadonlyMap<FileId, Checked>>;
  /** The number of errors and warnings; null while no server has looked at a file. */
  readonly counts: ReadonlySignal<Counts | null>;
  /** The number of files that the server did not look at, because they are too many or it would take too long. */
  readonly left: Signal<number>;
}

const stores = new WeakMap<object, ProblemStore>();

/** The problems of the room that the page shows. */
export function problemsOf({ session }: RoomContext): ProblemStore {
  let store = stores.get(session);
  if (!store) {
    const checked: ProblemStore["checked"] = signal(new Map());
    const counts = computed(() => countsOf([...checked.value.values()]));
    store = { checked, counts, left: signal(0) };
    stores.set(session, store);
  }
  return store;
}

/** Count errors and warnings. Hints and remarks are no problems. */
export function countsOf(files: readonly Checked[]): Counts | null {
  if (!files.some(({ servers }) => servers.length > 0)) return null;
  const all = files.flatMap(({ problems }) => problems);
  const of = (severity: string) => all.filter((each) => each.severity === severity).length;
  return { errors: of("error"), warnings: of("warning") };
}

/** "1 error, 2 warnings", or "No problems". */
export function countWords({ errors, warnings }: Counts): string {
  const words = (count: number, one: string) =>
    count === 0 ? [] : [`${count} ${one}${count === 1 ? "" : "s"}`];
  return [...words(errors, "error"), ...words(warnings, "warning")].join(", ") || "No problems";
}
