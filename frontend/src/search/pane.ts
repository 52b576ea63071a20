/** The place of the search pane. `feature.ts` has the rest of the pane. */
export const PANE = { id: "search", place: "left" } as const;
