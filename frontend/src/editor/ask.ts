import { Facet } from "@codemirror/state";
import type { Begun, Suggested } from "../suggestions";

/**
 * Returns what may follow at a position (in code points) of a text; null when nobody can be asked. Calls
 * `begun` with the beginning of a text that is still being made.
 */
export type Ask = (
  text: string,
  position: number,
  signal: AbortSignal,
  begun: Begun,
) => Promise<Suggested> | null;

/** Holds the function with which an editor asks for suggestions. An editor without one does not ask. */
export const asking = Facet.define<Ask, Ask | null>({ combine: ([ask]) => ask ?? null });
