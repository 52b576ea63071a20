/** The thread in which files are formatted and compared: neither holds up who types. */
import type { Asked } from "./format";
import { formattingEdits } from "./formattingEdits";

addEventListener("message", async ({ data: { text, language, width } }: MessageEvent<Asked>) => {
  postMessage(await formattingEdits(text, language, width));
});
