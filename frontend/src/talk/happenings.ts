/** The system lines of the chat: who came and left, ran a program, named a version, renamed a file or the room. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import { saysOf } from "../room/changes";
import type { Happening } from "./timeline";

const MOST = 200;
/** The kinds of change that always have a line. They are named here, since a page may lack some. */
const TOLD: ReadonlySet<string> = new Set(["name", "version"]);

export function happeningsOf(room: RoomContext): ReadonlySignal<readonly Happening[]> {
  const { session } = room;
  const all = signal<readonly Happening[]>([]);
  let count = 0;
  const tell = (words: string) => {
    all.value = [...all.peek(), { id: count++, at: Date.now(), words }].slice(-MOST);
  };
  let here: ReadonlyMap<string, string> | null = null;
  effect(() => {
    if (session.link.value.state !== "live" || session.phase.value !== "open") return;
    const now = new Map(
      session.people.value.filter(({ self }) => !self).map(({ person, name }) => [person, name]),
    );
    if (here) {
      for (const [person, name] of now) if (!here.has(person)) tell(`${name} joined`);
      for (const [person, name] of here) if (!now.has(person)) tell(`${name} left`);
    }
    here = now;
  });
  session.hearChanges((change, author, before) => {
    const renames = change.kind === "move" && before?.name !== change.name;
    if (renames || TOLD.has(change.kind)) tell(saysOf(change, author, before) ?? "");
  });
  const ran = new Set<number>();
  session.hear((message) => {
    const { type, run, author, path, state } = message as unknown as Record<string, string> & {
      run: number;
    };
    if (type !== "run" || ran.has(run) || state === "ended") return;
    ran.add(run);
    if (path) tell(`${author} ran ${path}`);
    else ran.delete(run);
  });
  return all;
}
