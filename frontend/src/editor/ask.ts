import { Facet } from "@codemirror/state";

/** What may follow at a position (code points) of a text, best first; null when nobody can be asked. */
export type Ask = (text: string, position: number, signal: AbortSignal) => Promise<string[]> | null;

/** How an editor asks for suggestions; without one it does not. */
export const asking = Facet.define<Ask, Ask | null>({ combine: ([ask]) => ask ?? null });
