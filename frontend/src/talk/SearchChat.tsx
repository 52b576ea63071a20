import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RoomContext } from "../feature";
import { showPane } from "../frame/open";
import { Avatar } from "../ui/Avatar";
import { Visible } from "../words/Visible";
import { Words } from "../words/Words";
import type { Message } from "./messages";
import { namesIn } from "./names";
import { COMMENTS } from "./pane";
import type { TalkStore } from "./store";
import { clock, dayOf } from "./timeline";

interface Props {
  room: RoomContext;
  store: TalkStore;
  onClose(): void;
}

/** Searches all that was said in the chat and in comments. */
export function SearchChat({ room, store, onClose }: Props) {
  const found = store.found.value;
  const [failed, fail] = useState(false);
  const asked = useRef(0);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    field.current?.focus();
    return () => {
      store.found.value = null;
    };
  }, [store]);
  const ask = async (words: string) => {
    const mine = ++asked.current;
    if (words.trim() === "") {
      store.found.value = null;
      return;
    }
    try {
      const { messages } = await store.api.page(`search=${encodeURIComponent(words)}&limit=50`);
      if (mine !== asked.current) return;
      store.found.value = messages.toReversed();
      fail(false);
    } catch {
      fail(true);
    }
  };
  const names = namesIn(room, found ?? []);
  const goTo = ({ thread, number }: Message) => {
    onClose();
    if (thread) {
      showPane(COMMENTS);
      store.threads.wanted.value = thread;
    } else void store.chat.goTo(number);
  };
  return (
    <div class="chat-place chat-search">
      <search>
        <input
          ref={field}
          class="input"
          aria-label="Search what was said"
          placeholder="Search what was said"
          onInput={({ currentTarget }) => void ask(currentTarget.value)}
        />
        <p class="muted" role="status">
          {failed && "The search could not be made. Try again online."}
          {!failed && found && (found.length === 1 ? "1 message" : `${found.length} messages`)}
        </p>
      </search>
      <div class="chat-log">
        {found?.map((message) => (
          <section class="chat-group" key={message.number} aria-label={message.author}>
            <Avatar name={message.author} colour={message.colour} />
            <div class="chat-said">
              <p class="chat-author">
                <bdi class="chat-name">
                  <Visible text={message.author} />
                </bdi>
                <time class="muted" dateTime={new Date(message.at).toISOString()}>
                  {dayOf(message.at, Date.now())}, {clock(new Date(message.at))}
                </time>
                <button class="link" type="button" onClick={() => goTo(message)}>
                  Show
                </button>
              </p>
              <Words text={message.text ?? ""} room={room} names={names} />
            </div>
          </section>
        ))}
      </div>
    </div>
  );
}
