import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { RoomContext } from "../feature";
import { type Moment, moment, news } from "./news";
import { spoken } from "./spoken";

const BATCH_MS = 1500;

/** Tells screen readers in batches who came and left, and how the connection is. */
export function Announcer({ room }: { room: RoomContext }) {
  const { session } = room;
  const words = useSignal("");
  const said = useRef<Moment | null>(null);
  const timer = useRef(0);

  useSignalEffect(() => {
    const now = moment(session.link.value, session.people.value);
    if (session.phase.value !== "open") return;
    said.current ??= now;
    timer.current ||= window.setTimeout(() => {
      timer.current = 0;
      const then = moment(session.link.peek(), session.people.peek());
      const text = said.current ? news(said.current, then) : "";
      const others = then.link === "live" ? then.others : (said.current?.others ?? then.others);
      said.current = { link: then.link, others };
      if (text) words.value = text;
    }, BATCH_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <>
      <div class="hidden" role="status">
        {words}
      </div>
      <div class="hidden" role="status">
        <span key={spoken.value.times}>{spoken.value.words}</span>
      </div>
    </>
  );
}
