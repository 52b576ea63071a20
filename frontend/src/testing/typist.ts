/** Somebody at the keyboard of a real editor view, in a document without a layout. */
import { history } from "@codemirror/commands";
import { EditorSelection, EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { textLength } from "../editor/astral";
import { collab, remoteEdit, textOf } from "../editor/collab";
import { upright } from "../editor/upright";
import { type Component, Operation } from "../ot";

export class Typist {
  readonly view: EditorView;

  constructor(text: string, keymap: Extension) {
    const extensions = [
      keymap,
      collab(() => {}),
      // Every change of one key is undone by itself, however fast the next key comes.
      history({ newGroupDelay: 0 }),
      EditorState.allowMultipleSelections.of(true),
    ];
    this.view = new EditorView({
      state: EditorState.create({ doc: textOf(text), extensions }),
      parent: document.body,
      dispatchTransactions: (transactions, view) => view.update(upright(transactions)),
    });
    withoutLayout(this.view);
    this.view.focus();
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Type keys as Vim writes them: characters, and names like `<Esc>` and `<C-v>`. */
  type(keys: string): void {
    for (const key of Typist.keysOf(keys)) this.press(key);
  }

  static keysOf(keys: string): string[] {
    return keys.match(/<(?:[CMS]-)*(?:\w+|[^\w>]+)>|[\s\S]/g) ?? [];
  }

  press(name: string): void {
    const { contentDOM } = this.view;
    const target =
      document.activeElement instanceof HTMLInputElement ? document.activeElement : contentDOM;
    const event = new KeyboardEvent("keydown", {
      ...described(name),
      bubbles: true,
      cancelable: true,
    });
    const keyCode = { Enter: 13, Escape: 27 }[event.key] ?? 0;
    Object.defineProperty(event, "keyCode", { value: keyCode });
    target.dispatchEvent(event);
    if (event.defaultPrevented || event.ctrlKey || event.altKey) return;
    if (target instanceof HTMLInputElement) {
      if (event.key.length === 1) target.value += event.key;
      target.dispatchEvent(new KeyboardEvent("keyup", { key: event.key, bubbles: true }));
    } else if (event.key.length === 1) this.#input(event.key);
    else if (event.key === "Enter") this.#input("\n");
    else if (event.key === "Backspace") this.#erase();
  }

  /** Somebody else replaces `deleted` characters at a place, in UTF-16 units. */
  remote(at: number, inserted: string, deleted = 0): void {
    const { state } = this.view;
    const rest = textLength(state) - at - deleted;
    const components: Component[] = [at, inserted, -deleted, rest];
    this.view.dispatch(remoteEdit(state, new Operation(components)));
  }

  destroy(): void {
    this.view.destroy();
  }

  /** Do what a browser does with a character that no key handler took. */
  #input(text: string): void {
    const { main } = this.view.state.selection;
    const { from, to } = main;
    const handlers = this.view.state.facet(EditorView.inputHandler);
    const insert = () =>
      this.view.state.update(this.view.state.replaceSelection(text), { userEvent: "input.type" });
    if (handlers.some((handler) => handler(this.view, from, to, text, insert))) return;
    this.view.dispatch(insert());
  }

  #erase(): void {
    const { state } = this.view;
    this.view.dispatch(
      state.changeByRange((range) => {
        const from = range.empty ? Math.max(0, range.from - 1) : range.from;
        return { changes: { from, to: range.to }, range: EditorSelection.cursor(from) };
      }),
      { userEvent: "delete.backward" },
    );
  }
}

// A browser tells of a moved selection later, not within the update that moves it.
document.addEventListener("selectionchange", (event) => event.stopImmediatePropagation(), true);

const NAMES: Record<string, string> = {
  "\n": "Enter",
  Esc: "Escape",
  CR: "Enter",
  BS: "Backspace",
  Space: " ",
  lt: "<",
};

function described(name: string): KeyboardEventInit {
  const parts = name.length > 2 ? name.slice(1, -1).split(/-(?!$)/) : [name];
  const last = parts.pop() ?? "";
  const key = NAMES[last] ?? last;
  const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : (CODES[key] ?? key);
  const shiftKey = parts.includes("S");
  return { key, code, shiftKey, ctrlKey: parts.includes("C"), altKey: parts.includes("M") };
}

const CODES: Record<string, string> = {
  " ": "Space",
  "/": "Slash",
  "-": "Minus",
  ";": "Semicolon",
};

/** There are no coordinates here, so that up and down go by columns. */
function withoutLayout(view: EditorView): void {
  view.coordsAtPos = () => null;
  view.moveVertically = (start, forward, distance) => {
    const { doc } = view.state;
    const line = doc.lineAt(start.head);
    const column = start.goalColumn ?? start.head - line.from;
    const wanted = line.number + (forward ? 1 : -1) * (distance ? 10 : 1);
    const there = doc.line(Math.min(Math.max(wanted, 1), doc.lines));
    const head =
      wanted < 1 ? 0 : wanted > doc.lines ? doc.length : Math.min(there.from + column, there.to);
    return EditorSelection.cursor(head, 1, undefined, column);
  };
}
