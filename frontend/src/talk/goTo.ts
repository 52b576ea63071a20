/** Shows a message or a thread, once it has been fetched. */
import { effect, untracked } from "@preact/signals";
import type { RoomContext } from "../feature";
import { commentsOf } from "./comments";
import { talkOf } from "./store";

export function goToSaid(room: RoomContext, number: number): void {
  const { here, chat } = talkOf(room);
  let done = false;
  const end = effect(() => {
    if (done || !here.value) return;
    done = true;
    untracked(() => void chat.goTo(number));
  });
  if (done) end();
}

export function goToComment(room: RoomContext, thread: number): void {
  commentsOf(room);
  talkOf(room).threads.wanted.value = thread;
}
