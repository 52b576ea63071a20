/** The ways to the pane in which a model is asked. `feature.ts` has the rest of it. */
import { signal } from "@preact/signals";
import { showPane } from "../frame/open";

export const PANE = { id: "ask", place: "right" } as const;

/** The subject of a question, beside the shown file. */
export type About = "selection" | "file" | "room";

/** The content that the pane begins with, once it is shown. */
export const wanted = signal<{ about: About } | { output: string } | null>(null);

export function openAsk(about: About): void {
  wanted.value = { about };
  showPane(PANE);
}

/** Ask why a program printed this. */
export function explain(output: string): void {
  wanted.value = { output };
  showPane(PANE);
}
