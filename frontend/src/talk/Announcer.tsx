import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { RoomContext } from "../feature";
import { visible } from "../words/seen";
import { commentsOf } from "./comments";
import { excerpt } from "./notify";
import { talkOf } from "./store";

/** ms. */
const BATCH = 2000;

/** Reads the messages of others to screen readers, in batches. */
export function Announcer({ room }: { room: RoomContext }) {
  const store = talkOf(room);
  commentsOf(room);
  const words = useSignal("");
  const told = useRef<number | null>(null);
  const timer = useRef(0);
  useSignalEffect(() => {
    const last = store.chat.messages.value.at(-1)?.number ?? 0;
    if (!store.here.value || told.current === null) {
      if (store.here.value) told.current = last;
      return;
    }
    if (store.muted.value || last <= told.current) return;
    timer.current ||= window.setTimeout(() => {
      timer.current = 0;
      const news = store.chat.messages
        .peek()
        .filter(({ number, who }) => number > (told.current ?? 0) && who !== store.who.peek());
      told.current = store.chat.messages.peek().at(-1)?.number ?? 0;
      const last = news.at(-1);
      if (!last?.text) return;
      words.value =
        news.length === 1
          ? `${visible(last.author)} says: ${excerpt(last.text)}`
          : `${news.length} new messages, the last from ${visible(last.author)}: ${excerpt(last.text)}`;
    }, BATCH);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <div class="hidden" role="status">
      {words}
    </div>
  );
}
