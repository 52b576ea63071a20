/** Completions by a model, where the server's own suggestions know nothing. */
import type { RoomContext } from "../feature";
import { recall, remember } from "../storage";
import type { Asked, Begun, Suggested } from "../suggestions";
import { seen } from "../words/seen";
import { AiError, answer } from "./api";
import { aiOf } from "./store";

/** Code points before and after the caret that are sent. */
const BEFORE = 6000;
const AFTER = 2000;
const NOTHING: Suggested = { texts: [], source: "" };
const ASKED = "ai-asked";

/** Ask the model of the room. Rejects if the answer is stopped. */
export async function complete(
  room: RoomContext,
  { file, language, text: code, position }: Asked,
  signal: AbortSignal,
  begun: Begun,
): Promise<Suggested> {
  const store = aiOf(room);
  if (!store.state.peek()) await store.read();
  const state = store.state.peek();
  if (!state?.complete || !state.room) return NOTHING;
  if (state.choice !== "agreed") {
    askOnce(room, state.choice === "unasked" ? state.words : "");
    return NOTHING;
  }
  const source = state.complete.model;
  const points = [...code];
  const from = Math.max(0, position - BEFORE);
  const body = {
    file,
    language,
    code: points.slice(from, position + AFTER).join(""),
    cursorPosition: position - from,
  };
  let whole = "";
  try {
    for await (const piece of answer(`/rooms/${room.id}/ai/complete`, body, signal)) {
      whole += piece;
      const text = plain(whole);
      if (text) begun({ texts: [text], source });
    }
  } catch (error) {
    if (signal.aborted) throw error;
    store.noticed(error);
    if (error instanceof AiError && error.code === "ai_budget") sayOnce(room, error.message);
  }
  const text = plain(whole);
  return text ? { texts: [text], source } : NOTHING;
}

/** What can be seen of a text, up to the first character that cannot: nobody would know that they accept it. */
function plain(text: string): string {
  const [first = ""] = seen(text);
  return typeof first === "string" ? first.trimEnd() : "";
}

/** Say once on this device what can be agreed to. */
function askOnce(room: RoomContext, words: string): void {
  if (!words || recall(ASKED) === words) return;
  remember(ASKED, words);
  room.session.say("info", `A model can complete what you type. ${words} Open Ask to choose.`);
}

let said = "";

function sayOnce(room: RoomContext, words: string): void {
  const day = new Date().toDateString();
  if (said === day) return;
  said = day;
  room.session.say("info", words);
}
