/** Reads the current `.editorconfig` files of the shown room. It is loaded when there are some. */
import { effect } from "@preact/signals";
import type { RoomContext } from "../feature";
import type { FileId } from "../link/protocol";
import type { RoomSession } from "../session";
import { type Config, NAME, parse, wantedFor } from "./editorconfig";
import type { Wanted } from "./indent";

interface Known {
  folder: string;
  text: string;
  config: Config;
}

/** Make the indentation follow these files. Returns a function that ends it. */
export function followConfigs({ session }: RoomContext): () => void {
  let known = new Map<FileId, Known>();
  let ended = false;
  let turn = 0;
  const read = async (files: readonly { id: FileId; folder: string }[], own: number) => {
    const all = await Promise.all(
      files.map(async ({ id, folder }) => {
        const text = await readConfig(session, id);
        const before = known.get(id);
        const config = before?.text === text ? before.config : parse(text);
        return [id, { folder, text, config }] as const;
      }),
    );
    if (ended || own !== turn || isKnown(all, known)) return;
    known = new Map(all);
    const configs = new Map(all.map(([, { folder, config }]) => [folder, config]));
    const found = new Map<string, Wanted>();
    session.indents.wanted.value = (path) => {
      const wanted = found.get(path) ?? wantedFor(path, configs);
      found.set(path, wanted);
      return wanted;
    };
  };
  const stop = effect(() => {
    // An edit of such a file applies once it is saved.
    session.updatedAt.value;
    turn++;
    void read(configsIn(session), turn).catch(() => {});
  });
  return () => {
    ended = true;
    stop();
    session.indents.wanted.value = () => ({});
  };
}

/** Return the room's `.editorconfig` files with their folders. Reads a signal. */
function configsIn(session: RoomSession): { id: FileId; folder: string }[] {
  return session.files.value
    .filter(({ path }) => path === NAME || path.endsWith(`/${NAME}`))
    .map(({ id, path }) => ({ id, folder: path.slice(0, -NAME.length - 1) }));
}

/** Return the text of such a file. No other function reads it. */
function readConfig(session: RoomSession, file: FileId): Promise<string> {
  return session.textWhenHere(file);
}

function isKnown(
  all: readonly (readonly [FileId, Known])[],
  known: ReadonlyMap<FileId, Known>,
): boolean {
  const isSame = ([id, { folder, text }]: readonly [FileId, Known]) => {
    const before = known.get(id);
    return before?.folder === folder && before.text === text;
  };
  return all.length === known.size && all.every(isSame);
}
