/** The place of the files pane. `feature.ts` has the rest of the pane. */
export const PANE = { id: "files", place: "left" } as const;
