/** The comments of a room: their places in the shown file, the shown thread, and the comment that is being written. */
import { EditorSelection } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { effect, signal, untracked } from "@preact/signals";
import { mayTalk, whyNot } from "../access/standing";
import { toOffset, toPosition } from "../editor/astral";
import type { RoomContext } from "../feature";
import { showPane } from "../frame/open";
import type { FileId } from "../link/protocol";
import { adding, marksOf, setDraft, setShown, setThreads } from "./marks";
import type { Anchor, Thread } from "./messages";
import { COMMENTS } from "./pane";
import { type TalkStore, talkOf } from "./store";
import { commented } from "./unread";

/** ms. */
const SOON = 150;
const LOOK_AGAIN = 1000;
/** Code points of the text of an anchor. */
const MOST_QUOTE = 300;

/** A comment that is being written. */
export interface DraftComment {
  file: FileId;
  quote: string;
  /** Null until the own changes are saved, since it may stand on them. */
  anchor: Anchor | null;
}

export class Comments {
  readonly shown = signal<number | null>(null);
  readonly draft = signal<DraftComment | null>(null);
  /** The lines, counted from 1, of the threads of the shown file. */
  readonly lines = signal<ReadonlyMap<number, number>>(new Map());
  readonly #room: RoomContext;
  readonly #store: TalkStore;
  readonly #ends: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wanted: number | null = null;

  constructor(room: RoomContext) {
    this.#room = room;
    this.#store = talkOf(room);
    const { session } = room;
    const { here, threads: known } = this.#store;
    const { all: threads, places, wanted } = known;
    const told = {
      pressed: (view: EditorView, line: number) => this.#pressed(view, line),
      changed: (view: EditorView) => this.#changed(view),
    };
    this.#ends.push(
      effect(() => {
        const open = new Map<FileId, number>();
        for (const { file, resolved } of threads.value.values()) {
          if (!resolved) open.set(file, (open.get(file) ?? 0) + 1);
        }
        commented(room).value = open;
      }),
      effect(() => {
        const editor = room.editor.value;
        editor?.run(adding(told));
        if (editor && here.value && threads.value) this.#ask(SOON);
      }),
      effect(() => {
        const now = places.value;
        const editor = room.editor.peek();
        if (!now || editor?.file !== now.file) return;
        // Places are those of the committed text. Own unsaved changes would shift them.
        if (session.unsaved.value > 0) return;
        if (session.revision !== now.revision) return this.#ask(SOON);
        editor.run((view) => {
          const open = now.threads.filter(({ id }) => !threads.peek().get(id)?.resolved);
          const at = (position: number) => toOffset(view.state, position);
          const all = open.map(({ id, start = 0, end = 0 }) => ({
            id,
            from: at(start),
            to: at(end),
          }));
          view.dispatch({ effects: setThreads.of(all) });
          this.#count(view);
          this.#goOn();
          return true;
        });
      }),
      effect(() => {
        const shown = this.shown.value;
        room.editor.value?.run((view) => {
          view.dispatch({ effects: setShown.of(shown) });
          return true;
        });
      }),
      effect(() => {
        const thread = threads.value.get(wanted.value ?? 0);
        if (!thread) return;
        wanted.value = null;
        untracked(() => this.show(thread));
      }),
      effect(() => {
        if (session.unsaved.value === 0 && this.draft.value?.anchor === null) this.#fix();
      }),
    );
  }

  end(): void {
    clearTimeout(this.#timer);
    for (const end of this.#ends) end();
  }

  /** Begin a comment on the selection, or on the line of the caret. */
  begin(): void {
    const editor = this.#room.editor.peek();
    if (!editor) return;
    editor.run((view) => {
      const { from, to, empty } = view.state.selection.main;
      if (empty) this.#beginOnLine(view, view.state.doc.lineAt(from).number);
      else this.#begin(view, from, to);
      return true;
    });
  }

  cancel(): void {
    this.draft.value = null;
    this.#room.editor.peek()?.run((view) => {
      view.dispatch({ effects: setDraft.of(null) });
      return true;
    });
  }

  /** Send the comment in the field. Returns whether it could be sent. */
  say(text: string, suggestion: string | null): boolean {
    const anchor = this.draft.peek()?.anchor;
    if (!anchor) {
      this.#room.session.say("info", "Your changes are not saved yet. Send it once they are.");
      return false;
    }
    this.#store.say(text, {
      anchor,
      ...(suggestion !== null && { suggestion }),
    });
    this.cancel();
    return true;
  }

  /** Show a thread, and its text. */
  show(thread: Thread): void {
    this.shown.value = thread.id;
    void this.#store.threads.open(thread.id);
    const { session, editor } = this.#room;
    if (!session.files.peek().some(({ id }) => id === thread.file)) return;
    this.#wanted = thread.id;
    if (editor.peek()?.file === thread.file) this.#goOn();
    else session.open(thread.file);
  }

  /** Show the next thread, or the one before, in the order of the list. */
  step(threads: readonly Thread[], by: 1 | -1): void {
    const at = threads.findIndex(({ id }) => id === this.shown.peek());
    const from = at < 0 && by < 0 ? 0 : at;
    const next = threads[(from + by + threads.length) % threads.length];
    if (next) this.show(next);
  }

  /** Scroll to the thread that is to be shown, if its file is here. */
  #goOn(): void {
    const id = this.#wanted;
    this.#room.editor.peek()?.run((view) => {
      const mark = marksOf(view).threads.find((one) => one.id === id);
      if (!mark) return false;
      this.#wanted = null;
      view.dispatch({
        selection: EditorSelection.cursor(mark.from),
        effects: EditorView.scrollIntoView(mark.from, { y: "center" }),
      });
      return true;
    });
  }

  #pressed(view: EditorView, line: number): void {
    const { from, to } = view.state.doc.line(line);
    const mark = marksOf(view).threads.find((one) => one.from >= from && one.from <= to);
    const thread = mark && this.#store.threads.all.peek().get(mark.id);
    if (thread) {
      showPane(COMMENTS);
      this.show(thread);
      return;
    }
    const { from: start, to: end, empty } = view.state.selection.main;
    if (!empty && start <= to && end >= from) this.#begin(view, start, end);
    else this.#beginOnLine(view, line);
  }

  #beginOnLine(view: EditorView, line: number): void {
    const { from, to, text } = view.state.doc.line(line);
    this.#begin(view, from + (text.length - text.trimStart().length), to);
  }

  #begin(view: EditorView, from: number, to: number): void {
    const { editor: shown, session } = this.#room;
    const editor = shown.peek();
    if (!editor) return;
    const standing = session.standing.peek();
    if (!mayTalk(standing)) {
      session.say("info", whyNot(standing));
      return;
    }
    const start = Math.min(from, to);
    view.dispatch({ effects: setDraft.of({ id: 0, from: start, to }) });
    const quote = view.state.sliceDoc(start, to);
    this.draft.value = { file: editor.file, quote, anchor: null };
    this.#fix();
    this.shown.value = null;
    showPane(COMMENTS);
  }

  /** Find the anchor of the comment that is being written, once the room has its text. */
  #fix(): void {
    const draft = this.draft.peek();
    const { session, editor } = this.#room;
    const { revision } = session;
    if (!draft || session.unsaved.peek() > 0 || revision === null) return;
    const shown = editor.peek();
    if (shown?.file !== draft.file) return;
    shown.run((view) => {
      const mark = marksOf(view).draft;
      if (!mark) return false;
      const [start, end] = [toPosition(view.state, mark.from), toPosition(view.state, mark.to)];
      const quote = [...view.state.sliceDoc(mark.from, mark.to)].slice(0, MOST_QUOTE).join("");
      this.draft.value = { ...draft, anchor: { file: draft.file, revision, start, end, quote } };
      return true;
    });
  }

  #changed(view: EditorView): void {
    this.#count(view);
    const { all: threads } = this.#store.threads;
    const lost = marksOf(view).threads.some(({ id, from, to }) => {
      return from === to && threads.peek().get(id)?.quote;
    });
    // An undo may have brought its text back.
    if (lost) this.#ask(LOOK_AGAIN);
  }

  #count(view: EditorView): void {
    const lines = new Map(
      marksOf(view).threads.map(({ id, from }) => [id, view.state.doc.lineAt(from).number]),
    );
    const same = [...lines].every(([id, line]) => this.lines.peek().get(id) === line);
    if (!same || lines.size !== this.lines.peek().size) this.lines.value = lines;
  }

  #ask(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const file = this.#room.editor.peek()?.file;
      if (file) this.#store.askPlaces(file);
    }, wait);
  }
}

const all = new WeakMap<RoomContext, Comments>();

export function commentsOf(room: RoomContext): Comments {
  let comments = all.get(room);
  if (!comments) {
    comments = new Comments(room);
    all.set(room, comments);
  }
  return comments;
}

/** Threads in the order of their files and places. */
export function inOrder(
  threads: Iterable<Thread>,
  pathOf: (file: FileId) => string,
  lines: ReadonlyMap<number, number>,
): Thread[] {
  const place = ({ id, start }: Thread) => lines.get(id) ?? start;
  return [...threads].sort(
    (a, b) => pathOf(a.file).localeCompare(pathOf(b.file)) || place(a) - place(b) || a.id - b.id,
  );
}
