/** The kind of change that runs a file. It leaves the room as it is. */
import type { Kind } from "../room/kind";

/**
 * The options of a run. `RoomProgram` gives those that are missing. If `stdin` is given, it is the
 * program's whole input. `at` runs the files of that revision. `tests` runs tests instead of the
 * file: those in these files, or all of the room if there are none.
 */
export interface RunOptions {
  args?: string[];
  stdin?: string;
  at?: number;
  tests?: string[];
}

declare module "../room/kind" {
  interface Changes {
    run: {
      change: { kind: "run"; file: FileId; options: RunOptions };
      wire: ["run", FileId, RunOptions?];
    };
  }
}

export const run: Kind<"run"> = {
  tag: "run",
  encode: ({ file, options }) => ["run", file, options],
  decode: ([kind, file, options = {}]) => ({ kind, file, options }),
  fileOf: ({ file }) => file,
  supersedes: () => false,
  says: (_, who, before) => `${who} ran ${before?.name ?? "a file"}`,
};
