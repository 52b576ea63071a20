/** Own work of a person that is not in the log. */
import type { Work } from "../room";

/** One waiting change that is made of `count` of the person's changes. */
export const someWork = (count: number): Work => ({
  revision: 1,
  seq: count,
  inFlight: null,
  waiting: [{ change: ["edit", "main", ["x"]], count }],
});
