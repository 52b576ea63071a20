/** The places of the panes of talk. `feature.ts` has the rest of them. */
export const PANE = { id: "chat", place: "right" } as const;
export const COMMENTS = { id: "comments", place: "right" } as const;
