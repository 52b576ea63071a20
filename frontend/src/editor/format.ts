/** Formats a file by edits of what differs: carets and others' typing stay. One step to undo. */
import type { EditorView } from "@codemirror/view";
import type { Language } from "../link/protocol";
import type { Formatting } from "./formattingEdits";
import { makeEdits } from "./jobs";

/** How often a text may change under the formatter before it gives up. */
const TRIES = 3;

/** What the worker is asked: to format a text, indented by `width` blanks. */
export interface Asked {
  text: string;
  language: Language;
  width: number;
}

/** Says in words why it could not, else nothing. Rejects if what it takes cannot be fetched. */
export async function format(
  view: EditorView,
  language: Language,
  width: number,
  ask: (asked: Asked) => Promise<Formatting> = askWorker,
): Promise<string | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { doc } = view.state;
    const formatting = await ask({ text: doc.toString(), language, width });
    if ("offline" in formatting) throw new Error("the formatter could not be fetched");
    if ("problem" in formatting) return formatting.problem;
    if (view.state.doc !== doc) continue;
    await makeEdits(view, formatting.edits, "format");
    return null;
  }
  return "The file was not formatted: others are typing too fast. Try again.";
}

let worker: Worker | null = null;
/** Ends when all that was asked is answered: the worker answers in order. */
let asking: Promise<unknown> = Promise.resolve();

/** Ask the worker, after what it was asked before. Rejects if it could not be fetched. */
function askWorker(asked: Asked): Promise<Formatting> {
  const answer = asking.then(() => answerOf(asked));
  asking = answer.catch(() => {});
  return answer;
}

function answerOf(asked: Asked): Promise<Formatting> {
  worker ??= new Worker(new URL("./formatWorker.ts", import.meta.url), { type: "module" });
  const current = worker;
  return new Promise((resolve, reject) => {
    current.onmessage = ({ data }: MessageEvent<Formatting>) => {
      // A module that could not be fetched is not asked for again in one worker's life.
      if ("offline" in data) end();
      resolve(data);
    };
    current.onerror = () => {
      end();
      reject(new Error("the formatter could not be fetched"));
    };
    const end = () => {
      current.terminate();
      worker = null;
    };
    current.postMessage(asked);
  });
}
