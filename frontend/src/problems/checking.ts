/**
 * Has the shown file checked a while after its text has changed, and draws what is wrong in it. The other
 * files are checked when the room is opened, and after a longer pause. One question of each kind is under
 * way at a time. A server that does not answer leaves what was found before.
 */
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import type { EditorState } from "@codemirror/state";
import { effect } from "@preact/signals";
import { register } from "../actions";
import { at } from "../base";
import { toOffset } from "../editor/astral";
import type { Document } from "../editor/document";
import type { RoomContext } from "../feature";
import type { FileId } from "../link/protocol";
import { LARGEST_TEXT } from "../suggestions";
import { codeOf } from "../ui/languages";
import { problemActions } from "./going";
import { type Checked, type Problem, problemsOf } from "./store";
import "./marks.css";

/** The time without a change after which a text is checked, in ms. */
const PAUSE = 700;
/** The time without a change after which the other files are checked, in ms. */
const LONG_PAUSE = 5000;

/** Check the files that the person looks at, until the returned function is called. */
export function checkFiles(room: RoomContext): () => void {
  const { session, editor } = room;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort: AbortController | null = null;
  const others = checkOthers(room);
  const check = async () => {
    const file = editor.peek()?.file;
    const document = file && session.documentOf(file);
    if (!document || document.state.doc.length > LARGEST_TEXT) return;
    const asked = new AbortController();
    abort = asked;
    try {
      const found = await problemsIn(room.id, file, document.text, asked.signal);
      if (!asked.signal.aborted) show(room, file, document, found);
    } catch {
      // The server could not be asked. The next change asks again.
    }
  };
  const stop = effect(() => {
    const shown = editor.value;
    shown?.changes.value;
    const language = session.activeFile.value?.language ?? "";
    const live = session.link.value.state === "live";
    clearTimeout(timer);
    abort?.abort();
    if (!shown || !live) return;
    if (codeOf(language)) timer = setTimeout(() => void check(), PAUSE);
    others.later();
  });
  // What is wrong in a file that has left the room is nobody's problem.
  const forget = effect(() => {
    const here = new Set(session.files.value.map(({ id }) => id));
    const { checked } = problemsOf(room);
    const left = [...checked.peek()].filter(([file]) => here.has(file));
    if (left.length < checked.peek().size) checked.value = new Map(left);
  });
  const unregister = register(problemActions(room));
  return () => {
    stop();
    forget();
    unregister();
    others.stop();
    clearTimeout(timer);
    abort?.abort();
  };
}

/** Checks the files that are not shown: soon for the first time, and then after each long pause. */
function checkOthers(room: RoomContext) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = false;
  const abort = new AbortController();
  const check = async () => {
    // A page that nobody looks at asks when it is looked at and somebody writes.
    if (document.hidden) return;
    asked = true;
    try {
      const { files, left } = await problemsInAll(room.id, abort.signal);
      if (abort.signal.aborted) return;
      const store = problemsOf(room);
      const shown = room.editor.peek()?.file;
      const found = files.filter(({ file }) => file !== shown);
      store.checked.value = new Map([
        ...store.checked.peek(),
        ...found.map((each) => [each.file, each] as const),
      ]);
      store.left.value = left;
    } catch {
      // The server could not be asked. The next pause asks again.
    }
  };
  return {
    later: () => {
      clearTimeout(timer);
      timer = setTimeout(() => void check(), asked ? LONG_PAUSE : PAUSE);
    },
    stop: () => {
      clearTimeout(timer);
      abort.abort();
    },
  };
}

interface All {
  files: (Checked & { file: FileId })[];
  left: number;
}

async function problemsInAll(room: string, signal: AbortSignal): Promise<All> {
  const answer = await fetch(at(`/rooms/${room}/code/problems`), { signal });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return (await answer.json()) as All;
}

async function problemsIn(
  room: string,
  file: FileId,
  code: string,
  signal: AbortSignal,
): Promise<Checked> {
  const answer = await fetch(at(`/rooms/${room}/code/problems`), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ file, code }),
    signal,
  });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return (await answer.json()) as Checked;
}

function show(room: RoomContext, file: FileId, document: Document, found: Checked): void {
  const { checked } = problemsOf(room);
  checked.value = new Map(checked.peek()).set(file, found);
  const { state } = document;
  document.dispatch(
    setDiagnostics(
      state,
      found.problems.map((problem) => drawn(state, problem)),
    ),
  );
}

function drawn(state: EditorState, problem: Problem): Diagnostic {
  const { start, end, severity, message, code, source } = problem;
  return {
    from: toOffset(state, start),
    to: toOffset(state, end),
    severity,
    message: code ? `${message} (${source} ${code})` : message,
  };
}
