/** Lists the actions on the open files. */
import type { Action } from "../actions";
import type { FileId } from "../link/protocol";
import type { RoomSession } from "../session";

export function tabActions(session: RoomSession): Action[] {
  const several = () => session.openFiles.value.length > 1;
  const shown = () => session.tabs.active.peek();
  const step = (by: number) => {
    const files = session.openFiles.peek();
    const at = files.findIndex(({ id }) => id === shown());
    return { files, at, to: (at + by + files.length) % files.length };
  };
  const show = (by: number) => {
    const { files, to } = step(by);
    const next = files[to];
    if (next) session.open(next.id);
  };
  const move = (by: number) => {
    const { files, at, to } = step(by);
    const file = files[at];
    if (file) session.tabs.move(file.id, to);
  };
  const action = (id: string, title: string, more: Partial<Action>, run: () => void): Action => ({
    id: `tab.${id}`,
    title,
    section: "File",
    words: "tab open files",
    global: true,
    enabled: several,
    ...more,
    run,
  });
  const last = new LastShown(session);
  return [
    action("last", "Go to the file shown before", { ...CTRL_TAB }, () => last.step()),
    action("next", "Next open file", { keys: ["Alt-PageDown"] }, () => show(1)),
    action("previous", "Previous open file", { keys: ["Alt-PageUp"] }, () => show(-1)),
    action("right", "Move the tab right", { keys: ["Alt-Shift-PageDown"] }, () => move(1)),
    action("left", "Move the tab left", { keys: ["Alt-Shift-PageUp"] }, () => move(-1)),
    action("close", "Close the file", { keys: ["Alt-w"] }, () => {
      const file = shown();
      if (file) session.close(file);
    }),
  ];
}

/** Browsers reserve these keys, except in an app window or for a page that fills the screen. */
const CTRL_TAB = { keys: ["Mod-Tab"], macKeys: ["Ctrl-Tab"] };

/** Goes back through the recently shown files, one further with each press while Ctrl is held. */
class LastShown {
  readonly #session: RoomSession;
  /** The files at the time Ctrl was pressed, most recent first. */
  #files: readonly FileId[] | null = null;
  #at = 0;

  constructor(session: RoomSession) {
    this.#session = session;
  }

  step(): void {
    if (!this.#files) {
      const open = new Set(this.#session.openFiles.peek().map(({ id }) => id));
      const recent = this.#session.tabs.recent.peek().filter((id) => open.has(id));
      this.#files = [...new Set([...recent, ...open])];
      this.#at = 0;
      addEventListener("keyup", this.#release);
      addEventListener("blur", this.#release);
    }
    this.#at = (this.#at + 1) % this.#files.length;
    const next = this.#files[this.#at];
    if (next) this.#session.open(next);
  }

  readonly #release = (event: Event) => {
    if (event instanceof KeyboardEvent && event.key !== "Control") return;
    removeEventListener("keyup", this.#release);
    removeEventListener("blur", this.#release);
    const next = this.#files?.[this.#at];
    // A file that was only passed on the way must not count as recent.
    const before = this.#files?.filter((id) => id !== next) ?? [];
    this.#files = null;
    if (next) this.#session.tabs.remember([next, ...before]);
  };
}
