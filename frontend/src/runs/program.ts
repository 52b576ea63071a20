/** The kind of change that says how the room's program is run. */
import type { FileId, Kind } from "../room/kind";

/** How the room's program is run, where a run does not say otherwise. */
export interface RoomProgram {
  /** The file to run; without it, the main file. */
  entry?: FileId | null;
  args?: string[];
  env?: Record<string, string>;
  /** The file whose text is the whole input; without it, people type the input. */
  stdin?: FileId | null;
}

declare module "../room/kind" {
  interface Changes {
    program: {
      change: { kind: "program"; program: RoomProgram };
      wire: ["program", RoomProgram];
    };
  }
  interface Facts {
    /** Null until somebody says it. */
    program: RoomProgram | null;
  }
}

export const program: Kind<"program"> = {
  tag: "program",
  encode: ({ program }) => ["program", program],
  decode: ([kind, program]) => ({ kind, program }),
  fileOf: () => null,
  facts: { program: null },
  commit: ({ program }, { facts }) => {
    facts.program = program;
  },
  overlay: ({ program }, { facts }) => {
    facts.program = program;
  },
  says: (_, who) => `${who} changed how the program is run`,
};
