/** Turns Markdown into HTML in a worker, so that a long text does not block typing. */
import { type Section, sectionsOf, updateOf } from "./sections";

let before: readonly Section[] = [];

addEventListener("message", ({ data }: MessageEvent<string>) => {
  const rendered = sectionsOf(data);
  postMessage(updateOf(before, rendered));
  before = rendered.sections;
});
