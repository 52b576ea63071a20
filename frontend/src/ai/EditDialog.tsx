import { type ChangeDesc, StateEffect } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { RoomContext, WindowProps } from "../feature";
import { Dialog } from "../ui/Dialog";
import { useTask } from "../ui/useTask";
import { Visible } from "../words/Visible";
import { answer } from "./api";
import { Consent } from "./Consent";
import { type Hunk, hunksOf } from "./hunks";
import { placeOf, saved } from "./place";
import { aiOf } from "./store";
import { useStore } from "./useStore";
import "./ai.css";

const MOST = 4000;

/** Has a model propose another text for the selection, of which the person takes what they want. */
export function EditDialog({ room, onClose }: WindowProps) {
  const store = aiOf(room);
  const { ready } = useStore(store);
  const [part] = useState(() => followed(room));
  const field = useRef<HTMLTextAreaElement>(null);
  const abort = useRef<AbortController | null>(null);
  const written = useSignal("");
  const hunks = useSignal<readonly Hunk[] | null>(null);
  const chosen = useSignal<ReadonlySet<number>>(new Set());
  const task = useTask();
  const lines = useComputed(() => written.value.split("\n").length);
  useEffect(
    () => () => {
      abort.current?.abort();
      part?.end();
    },
    [],
  );

  const propose = async (): Promise<"stays"> => {
    const instruction = field.current?.value.trim();
    if (!instruction || !part) return "stays";
    if (!(await saved(room))) throw new Error("Your changes are not saved yet. Try again soon.");
    const now = part.now();
    const place = now && placeOf(room, now.from, now.to);
    if (!place || !now) throw new Error("The selected text is not there any more.");
    const stop = new AbortController();
    abort.current = stop;
    hunks.value = null;
    written.value = "";
    let base = "";
    let result: string | null = null;
    try {
      const path = `/rooms/${room.id}/ai/edit`;
      const on = {
        begin: ({ text }: { text: string }) => {
          base = text;
        },
        end: (text: string) => {
          result = text;
        },
      };
      for await (const text of answer(path, { instruction, place }, stop.signal, on)) {
        written.value += text;
      }
    } catch (error) {
      if (stop.signal.aborted) return "stays";
      store.noticed(error);
      throw error;
    }
    if (result === null) return "stays";
    if (base !== now.text) throw new Error("The text has changed meanwhile. Ask again.");
    part.rebase(base);
    hunks.value = hunksOf(base, result);
    chosen.value = new Set(hunks.value.keys());
    return "stays";
  };
  const apply = () => {
    const wanted = (hunks.peek() ?? []).filter((_, index) => chosen.peek().has(index));
    const missed = part?.apply(wanted) ?? wanted.length;
    onClose();
    // The dialog holds the focus until it has closed.
    setTimeout(() => room.editor.peek()?.focus());
    if (missed > 0) {
      const what = missed === 1 ? "One part was" : `${missed} parts were`;
      room.session.say("info", `${what} left out: somebody has changed that text meanwhile.`);
    }
  };
  const take = (index: number, on: boolean) => {
    const now = new Set(chosen.peek());
    if (on) now.add(index);
    else now.delete(index);
    chosen.value = now;
  };
  return (
    <Dialog title="Edit with AI" kind="wide" onClose={onClose}>
      {!ready && <Consent room={room} store={store} />}
      {ready && !part && <p class="muted">Nothing is shown that could be edited.</p>}
      {ready && part && (
        <>
          <form
            class="ai-instruct"
            onSubmit={(event) => {
              event.preventDefault();
              void task.run(propose);
            }}
          >
            <textarea
              ref={field}
              class="input"
              rows={2}
              maxLength={MOST}
              aria-label="What should change"
              placeholder={`What should change in ${part.words}?`}
              autofocus
              onKeyDown={(event) => {
                if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
                event.preventDefault();
                void task.run(propose);
              }}
            />
            {task.busy ? (
              <button class="button" type="button" onClick={() => abort.current?.abort()}>
                Stop
              </button>
            ) : (
              <button class="button" type="submit">
                {hunks.value ? "Propose again" : "Propose"}
              </button>
            )}
          </form>
          <p class="muted" role="status">
            {task.busy && (written.value ? `Writing line ${lines.value}…` : "Thinking…")}
            {!task.busy && hunks.value?.length === 0 && "The model would change nothing."}
          </p>
          {task.problem && (
            <p class="ai-problem" role="alert">
              {task.problem}
            </p>
          )}
          {(hunks.value ?? []).map((hunk, index) => (
            <HunkPart
              key={index}
              hunk={hunk}
              name={`Part ${index + 1} of ${hunks.value?.length}`}
              on={chosen.value.has(index)}
              onTake={(on) => take(index, on)}
            />
          ))}
          {hunks.value && hunks.value.length > 0 && (
            <div class="dialog-foot ai-accept">
              <button class="button" type="button" onClick={onClose}>
                Drop it
              </button>
              <button
                class="button primary"
                type="button"
                disabled={chosen.value.size === 0}
                onClick={apply}
              >
                {chosen.value.size === hunks.value.length
                  ? "Accept"
                  : `Accept ${chosen.value.size} of ${hunks.value.length}`}
              </button>
            </div>
          )}
        </>
      )}
    </Dialog>
  );
}

interface HunkProps {
  hunk: Hunk;
  name: string;
  on: boolean;
  onTake(on: boolean): void;
}

function HunkPart({ hunk, name, on, onTake }: HunkProps) {
  return (
    <section class="ai-hunk" data-on={on} aria-label={name}>
      <label>
        <input
          type="checkbox"
          checked={on}
          onChange={({ currentTarget }) => onTake(currentTarget.checked)}
        />
        {name}
      </label>
      <pre
        dir="ltr"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
        tabIndex={0}
      >
        {hunk.before.map((line, index) => (
          <del key={`- ${index}`}>
            <Visible text={line || " "} />
          </del>
        ))}
        {hunk.after.map((line, index) => (
          <ins key={`+ ${index}`}>
            <Visible text={line || " "} />
          </ins>
        ))}
      </pre>
    </section>
  );
}

interface Now {
  from: number;
  to: number;
  text: string;
}

interface Followed {
  /** The name of the part, for people. */
  words: string;
  /** The place of the part now, and its text; null when it is gone. */
  now(): Now | null;
  /** Follow the pieces of this text from now on. */
  rebase(text: string): void;
  /** Make these changes, in one. Returns how many could not be, because their text has changed. */
  apply(hunks: readonly Hunk[]): number;
  end(): void;
}

/** Follow the selection, or else the line of the caret, through what others type. */
function followed(room: RoomContext): Followed | null {
  const editor = room.editor.peek();
  if (!editor) return null;
  let from = 0;
  let to = 0;
  let base = "";
  let lines = 0;
  /** The place where the base began when it was taken, and the edits of the text since. */
  let start = 0;
  let since: ChangeDesc | null = null;
  let ended = false;
  const follow = EditorView.updateListener.of(({ changes, docChanged }) => {
    if (!docChanged || ended) return;
    since = since ? since.composeDesc(changes.desc) : changes.desc;
    from = changes.mapPos(from, -1);
    to = changes.mapPos(to, 1);
  });
  editor.run((view) => {
    const { main } = view.state.selection;
    const { doc } = view.state;
    // Whole lines, as a model is good at.
    from = doc.lineAt(main.from).from;
    to = doc.lineAt(main.empty ? main.to : Math.max(main.from, main.to - 1)).to;
    start = from;
    base = doc.sliceString(from, to);
    lines = base.split("\n").length;
    view.dispatch({ effects: StateEffect.appendConfig.of(follow) });
    return true;
  });
  const isHere = () => room.editor.peek() === editor;
  return {
    words: lines === 1 ? "this line" : `these ${lines} lines`,
    now() {
      let now: Now | null = null;
      if (!isHere()) return null;
      editor.run(({ state }) => {
        now = { from, to, text: state.sliceDoc(from, to) };
        return true;
      });
      return now;
    },
    rebase(text) {
      base = text;
      start = from;
      since = null;
    },
    apply(hunks) {
      let missed = hunks.length;
      if (!isHere()) return missed;
      editor.perform((view) => {
        const map = (offset: number, side: -1 | 1) =>
          since ? since.mapPos(start + offset, side) : start + offset;
        const changes = hunks.flatMap((hunk) => {
          const at = { from: map(hunk.from, 1), to: map(hunk.to, -1), insert: hunk.insert };
          const there = at.from <= at.to ? view.state.sliceDoc(at.from, at.to) : null;
          return there === base.slice(hunk.from, hunk.to) ? [at] : [];
        });
        missed -= changes.length;
        if (changes.length > 0) {
          view.dispatch({ changes, userEvent: "ai", scrollIntoView: true });
        }
        return true;
      });
      return missed;
    },
    end() {
      ended = true;
    },
  };
}
