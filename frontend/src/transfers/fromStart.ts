/** Fetches the repository that a person asked for on the start page. */
import { effect } from "@preact/signals";
import type { RoomContext } from "../feature";
import { filesOf } from "../files/store";
import { ROOT } from "../room/tree";
import { addFromGit } from "./adding";
import { askedFor } from "./askedFor";

/** Fetch the repository once the page is connected. Removes the empty file that the room began with. */
export function fetchAskedFor(room: RoomContext): () => void {
  const { session } = room;
  return effect(() => {
    if (session.link.value.state !== "live" || session.phase.value !== "open") return;
    const url = askedFor.take(room.id);
    if (url !== null) queueMicrotask(() => void fetchIt(url));
  });

  async function fetchIt(url: string): Promise<void> {
    const [first] = session.files.peek();
    const result = await addFromGit(room, url, ROOT, "replace");
    const untouched = result && result.added > 0 && result.replaced + result.unchanged === 0;
    if (first && untouched && session.textOf(first.id) === "") {
      filesOf(room).verbs.remove([first.id]);
    }
  }
}
