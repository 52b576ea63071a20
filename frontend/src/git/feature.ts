import type { Feature } from "../feature";

/** The room as a Git remote: the command that clones it. */
export const git: Feature = {
  id: "git",
  ofShare: async () => (await import("./CloneField")).CloneField,
};
