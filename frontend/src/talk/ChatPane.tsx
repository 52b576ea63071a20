import { useSignal } from "@preact/signals";
import { ArrowDown } from "lucide";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { mayTalk } from "../access/standing";
import type { PaneProps, RoomContext } from "../feature";
import { Avatar } from "../ui/Avatar";
import { Icon } from "../ui/Icon";
import { useNow } from "../ui/useNow";
import { visible } from "../words/seen";
import { Visible } from "../words/Visible";
import { Words } from "../words/Words";
import { ChatHead } from "./ChatHead";
import { Composer } from "./Composer";
import { Answered, MessageRow } from "./MessageRow";
import type { Message } from "./messages";
import { namesIn } from "./names";
import { OnlyReads } from "./OnlyReads";
import type { Pending } from "./outbox";
import { SearchChat } from "./SearchChat";
import { type TalkStore, talkOf } from "./store";
import { clock, type Item, namesOf, timeline } from "./timeline";
import "./talk.css";

/** px from the end that count as the end, and from the start at which older messages are fetched. */
const NEAR_END = 60;
const NEAR_START = 300;
/** ms for which the message that somebody went to stands out. */
const SHOWN = 2000;
const SENDING = "Sending…";

/** The chat of the room. */
export function ChatPane({ room, onClose }: PaneProps) {
  const store = talkOf(room);
  const [searching, search] = useState(false);
  return (
    <>
      <ChatHead room={room} store={store} onSearch={() => search(!searching)} onClose={onClose} />
      {searching && <SearchChat room={room} store={store} onClose={() => search(false)} />}
      {!searching && <Log room={room} store={store} />}
      <Foot room={room} store={store} />
    </>
  );
}

interface Shown {
  room: RoomContext;
  store: TalkStore;
}

/** The messages, the newest at the end. The place where the person reads stays. */
function Log({ room, store }: Shown) {
  const place = useRef<HTMLDivElement>(null);
  const atEnd = useSignal(true);
  /** The distance from the end at the last rendering. It stays the same when older messages come. */
  const before = useRef<{ first: number | undefined; fromEnd: number }>({ first: 0, fromEnd: 0 });
  const now = useNow(60_000);
  const messages = store.chat.messages.value;
  const pending = store.pending.value.filter(({ thread, anchor }) => !thread && !anchor);
  const happenings = store.happeningsHidden.value ? [] : store.happenings.value;
  const items = timeline(messages, happenings, { unreadAfter: store.unreadAfter.value, now });
  const marks = namesOf(messages);
  const names = namesIn(room, messages);
  const first = messages[0]?.number;

  useLayoutEffect(() => {
    const box = place.current;
    if (!box) return;
    if (atEnd.peek()) box.scrollTop = box.scrollHeight;
    else if (before.current.first !== first) {
      box.scrollTop = box.scrollHeight - before.current.fromEnd;
    }
    before.current = { first, fromEnd: box.scrollHeight - box.scrollTop };
  });
  useEffect(() => {
    if (!atEnd.value || document.hidden) return;
    store.seeAll();
    store.chat.trim();
  }, [messages, atEnd.value, store.here.value]);
  useEffect(() => {
    // The unread line stays until the chat is closed.
    const back = () => {
      if (!document.hidden && atEnd.peek()) store.seeAll();
    };
    document.addEventListener("visibilitychange", back);
    return () => {
      document.removeEventListener("visibilitychange", back);
      store.unreadAfter.value = null;
    };
  }, []);
  const wanted = store.chat.wanted.value;
  useLayoutEffect(() => {
    if (wanted === null || store.chat.loading.value) return;
    const found = place.current?.querySelector<HTMLElement>(`[data-number="${wanted}"]`);
    if (!found) return;
    atEnd.value = false;
    found.scrollIntoView({ block: "center" });
    found.dataset.shown = "true";
    setTimeout(() => delete found.dataset.shown, SHOWN);
    store.chat.wanted.value = null;
  }, [wanted, messages, store.chat.loading.value]);
  const scrolled = () => {
    const box = place.current;
    if (!box) return;
    const fromEnd = box.scrollHeight - box.scrollTop;
    before.current = { first, fromEnd };
    atEnd.value = fromEnd - box.clientHeight < NEAR_END;
    if (box.scrollTop < NEAR_START) void store.chat.fetchOlder();
  };
  const toEnd = () => {
    atEnd.value = true;
    if (place.current) place.current.scrollTop = place.current.scrollHeight;
  };
  return (
    <div class="chat-place">
      <div
        class="chat-log"
        ref={place}
        role="log"
        aria-label="Chat"
        aria-live="off"
        aria-busy={store.chat.loading.value}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
        tabIndex={0}
        onScroll={scrolled}
      >
        {store.chat.more.value && (
          <p class="chat-more">
            <button class="link" type="button" onClick={() => void store.chat.fetchOlder()}>
              {store.chat.loading.value ? "Reading…" : "Older messages"}
            </button>
          </p>
        )}
        {items.length === 0 && pending.length === 0 && (
          <p class="pane-empty chat-empty">
            Nothing is said yet. What you write here, everybody in the room can read, also later.
          </p>
        )}
        {items.map((item) => (
          <Entry key={item.key} {...{ room, store, names, item, marks }} />
        ))}
        {pending.map((one) => (
          <Waiting key={one.nonce} {...{ room, store, names }} pending={one} />
        ))}
      </div>
      {!atEnd.value && (
        <button class="button small chat-newest" type="button" onClick={toEnd}>
          <Icon of={ArrowDown} />
          {store.unread.value > 0 ? `${store.unread.value} new` : "Newest"}
        </button>
      )}
    </div>
  );
}

interface EntryProps extends Shown {
  names: readonly string[];
  item: Item;
  marks: ReadonlyMap<string, string>;
}

function Entry({ item, marks, ...around }: EntryProps) {
  switch (item.kind) {
    case "day":
      return <h3 class="chat-day">{item.words}</h3>;
    case "unread":
      return <p class="chat-unread">New</p>;
    case "happening":
      return (
        <p class="chat-happening">
          <span aria-hidden="true">•</span>{" "}
          <bdi>
            <Visible text={item.words} />
          </bdi>
        </p>
      );
    case "group":
      return <Group {...around} messages={item.messages} mark={marks.get(item.head.who)} />;
  }
}

interface GroupProps extends Shown {
  names: readonly string[];
  messages: readonly Message[];
  mark: string | undefined;
}

/** Messages of one person that follow one another. */
export function Group({ room, store, names, messages, mark }: GroupProps) {
  const head = messages[0] as Message;
  const at = new Date(head.at);
  return (
    <section class="chat-group" aria-label={`${head.author}, ${clock(at)}`}>
      <Avatar name={head.author} colour={head.colour} />
      <div class="chat-said">
        <p class="chat-author">
          <bdi class="chat-name">
            <Visible text={head.author} />
          </bdi>
          {head.who === store.who.value && <span class="muted">you</span>}
          {mark && <span class="chat-mark muted">{mark}</span>}
          <time class="muted" dateTime={at.toISOString()} title={at.toLocaleString()}>
            {clock(at)}
          </time>
        </p>
        {messages.map((message) => (
          <MessageRow key={message.number} {...{ room, store, names, message }} />
        ))}
      </div>
    </section>
  );
}

/** A message of the person here that is not sent yet. */
export function Waiting({
  room,
  store,
  names,
  pending,
}: Shown & { names: readonly string[]; pending: Pending }) {
  const { text, refused, nonce, reply } = pending;
  const waitsFor = !mayTalk(room.session.standing.value)
    ? "Waits on this device, and is sent once you may write here."
    : store.here.value
      ? SENDING
      : "Waits on this device, and is sent once you are online.";
  return (
    <section class="chat-group chat-waiting" aria-label="Not sent yet">
      <Avatar name={room.identity.name} colour={room.session.people.value[0]?.colour ?? 0} />
      <div class="chat-said">
        {reply ? <Answered store={store} number={reply} /> : null}
        <Words text={text} room={room} names={names} />
        {refused === undefined ? (
          <p class="muted">
            {waitsFor}{" "}
            {waitsFor !== SENDING && (
              <button class="link" type="button" onClick={() => store.discard(nonce)}>
                Delete
              </button>
            )}
          </p>
        ) : (
          <p class="problem">
            Not sent: {refused}{" "}
            <button class="link" type="button" onClick={() => store.retry(pending)}>
              Try again
            </button>{" "}
            <button class="link" type="button" onClick={() => store.discard(nonce)}>
              Delete
            </button>
          </p>
        )}
      </div>
    </section>
  );
}

function Foot({ room, store }: Shown) {
  const typing = store.typing.names.value;
  const editLast = () => {
    const mine = store.chat.messages
      .peek()
      .findLast(({ who, text }) => who === store.who.peek() && text !== null);
    if (mine) store.editing.value = mine;
  };
  const answering = store.answering.value;
  const send = (text: string) => {
    // Whoever is answered is told of it.
    const answered = answering && answering.who !== store.who.peek() && [answering.person];
    store.say(text, {
      ...(answered && { mentions: answered }),
      ...(answering && { reply: answering.number }),
    });
    store.answering.value = null;
    return true;
  };
  return (
    <footer class="chat-foot">
      <p class="chat-typing muted">{typingWords(typing.map(visible))}</p>
      <OnlyReads room={room}>
        <Composer
          room={room}
          label="Message to the room"
          placeholder="Write a message"
          draft={`collab.draft.${room.id}`}
          onType={() => store.types()}
          onUp={editLast}
          {...(answering && {
            title: `Reply to ${visible(answering.author)}`,
            focus: true,
            onCancel: () => {
              store.answering.value = null;
            },
          })}
          onSend={send}
        />
      </OnlyReads>
    </footer>
  );
}

function typingWords(names: readonly string[]): string {
  const [first, second] = names;
  if (!first) return "";
  if (!second) return `${first} is typing…`;
  if (names.length === 2) return `${first} and ${second} are typing…`;
  return `${names.length} people are typing…`;
}
