/** The place of the problems pane. `feature.ts` has the rest of the pane. */
export const PANE = { id: "problems", place: "bottom" } as const;
