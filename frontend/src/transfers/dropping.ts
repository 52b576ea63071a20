/** Takes files that are dropped anywhere on the room, and pictures that are pasted. */
import type { RoomContext } from "../feature";
import { filesOf } from "../files/store";
import { type NodeId, ROOT } from "../room/tree";
import { addFiles } from "./adding";
import { chosen, dropped } from "./gather";

/** The time in ms without mouse events after which nothing counts as being dragged over the page. */
const GONE = 300;

/**
 * Listen for drops and pastes while the room is shown. The listeners come before the editor's, which
 * would write a dropped file into its text.
 */
export function takeFiles(room: RoomContext): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const store = filesOf(room);
  let gone = 0;
  const leave = () => {
    clearTimeout(gone);
    document.body.classList.remove("dropping");
    store.target.value = null;
  };
  const over = (event: DragEvent) => {
    if (!event.dataTransfer || !hasFiles(event.dataTransfer)) return;
    // Otherwise the browser would leave the page for what is dropped.
    take(event);
    const inDialog = document.querySelector("dialog[open]") !== null;
    event.dataTransfer.dropEffect = inDialog ? "none" : "copy";
    if (inDialog) return;
    clearTimeout(gone);
    gone = window.setTimeout(leave, GONE);
    const folder = folderAt(event.target);
    store.target.value = folder;
    document.body.classList.toggle("dropping", folder === null || folder === ROOT);
  };
  const drop = (event: DragEvent) => {
    const data = event.dataTransfer;
    if (!data || !hasFiles(data)) return;
    take(event);
    if (document.querySelector("dialog[open]")) return;
    const folder = folderAt(event.target) ?? ROOT;
    leave();
    const stopping = new AbortController();
    const gathered = dropped(data, stopping.signal);
    void addFiles(
      room,
      (signal) => {
        signal.addEventListener("abort", () => stopping.abort());
        return gathered;
      },
      folder,
    );
  };
  const paste = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])];
    // When a program copies words together with a picture of them, the person means the words.
    if (files.length === 0 || event.clipboardData?.types.includes("text/plain")) return;
    if (document.querySelector("dialog[open]") || isField(event.target)) return;
    take(event);
    const beside = room.session.activeFile.peek();
    const folder = beside ? (store.tree.peek().get(beside.id)?.parent ?? ROOT) : ROOT;
    void addFiles(room, async () => chosen(files), folder, "keep");
  };
  addEventListener("dragenter", over, { capture: true, signal });
  addEventListener("dragover", over, { capture: true, signal });
  addEventListener("drop", drop, { capture: true, signal });
  addEventListener("paste", paste, { capture: true, signal });
  return () => {
    listening.abort();
    leave();
  };

  /**
   * Return the folder of the row under the mouse: the room itself below the rows, and null beside the
   * tree.
   */
  function folderAt(target: EventTarget | null): NodeId | null {
    if (!(target instanceof Element) || !target.closest(".tree")) return null;
    const id = target.closest<HTMLElement>(".tree-row")?.dataset.id;
    const node = store.tree.peek().get(id ?? "");
    return node?.kind === "folder" ? node.id : (node?.parent ?? ROOT);
  }
}

function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes("Files") ?? false;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(?:INPUT|TEXTAREA)$/.test(target.tagName);
}

function take(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
