/** Formats and compares files in a worker, so that neither blocks typing. */
import type { Asked } from "./format";
import { formattingEdits } from "./formattingEdits";

addEventListener(
  "message",
  async ({ data: { text, language, indent, ends } }: MessageEvent<Asked>) => {
    postMessage(await formattingEdits(text, language, indent, ends));
  },
);
