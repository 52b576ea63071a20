/**
 * Formats a file by editing only what differs, so that carets and the typing of others stay. Undo takes
 * it back in one step.
 */
import type { EditorView } from "@codemirror/view";
import type { Indent } from "../indent/indent";
import type { Language } from "../link/protocol";
import type { Ends, Formatting } from "./formattingEdits";
import { makeEdits } from "./jobs";

/** The number of times that the text may change during formatting before the formatter gives up. */
const TRIES = 3;

/** A request to the worker: format a text with this `indent`. */
export interface Asked {
  text: string;
  language: Language;
  indent: Indent;
  ends: Ends;
}

/**
 * Format the text of a view. Returns the reason in words when that fails. Rejects when the formatter
 * cannot be fetched.
 */
export async function format(
  view: EditorView,
  language: Language,
  indent: Indent,
  ends: Ends = {},
  ask: (asked: Asked) => Promise<Formatting> = askWorker,
): Promise<string | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { doc } = view.state;
    const formatting = await ask({ text: doc.toString(), language, indent, ends });
    if ("offline" in formatting) throw new Error("the formatter could not be fetched");
    if ("problem" in formatting) return formatting.problem;
    if (view.state.doc !== doc) continue;
    await makeEdits(view, formatting.edits, "format");
    return null;
  }
  return "The file was not formatted: others are typing too fast. Try again.";
}

let worker: Worker | null = null;
/** Resolves when all requests so far are answered. The worker answers requests in order. */
let asking: Promise<unknown> = Promise.resolve();

/** Ask the worker after all earlier requests. Rejects when the formatter could not be fetched. */
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
      // A worker never fetches a module again after a fetch has failed, so end this worker.
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
