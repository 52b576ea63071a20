import { signal } from "@preact/signals";

/** The places of the two panes: the list of events, and the past room. `feature.ts` has the rest. */
export const LIST = { id: "history", place: "right" } as const;
export const PAST = { id: "past", place: "stage" } as const;

/** Tells whether the editor shows the authors of its text. */
export const ribbon = signal(false);
