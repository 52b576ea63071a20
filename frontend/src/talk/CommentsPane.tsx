import { useSignal } from "@preact/signals";
import { Check, ChevronDown, ChevronUp, MessageSquarePlus, RotateCcw, X } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { mayTalk, mayWrite } from "../access/standing";
import type { PaneProps, RoomContext } from "../feature";
import { hidePane } from "../frame/open";
import { phone } from "../frame/screen";
import { remember } from "../storage";
import { Avatar } from "../ui/Avatar";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import { Visible } from "../words/Visible";
import { Group, Waiting } from "./ChatPane";
import { Composer } from "./Composer";
import { type Comments, commentsOf, type DraftComment, inOrder } from "./comments";
import type { Message, Thread } from "./messages";
import { namesIn } from "./names";
import { excerpt } from "./notify";
import { OnlyReads } from "./OnlyReads";
import { COMMENTS } from "./pane";
import { type TalkStore, talkOf } from "./store";
import { isLost } from "./threads";
import { namesOf } from "./timeline";
import { useBeside } from "./useBeside";
import "./comments.css";

/** Characters of a quote that are shown. */
const MOST_QUOTED = 2000;

type Filter = "open" | "file" | "resolved";
const FILTERS: Record<Filter, string> = {
  open: "Open",
  file: "In this file",
  resolved: "Resolved",
};

/** The threads of comments on the code of the room. */
export function CommentsPane({ room, onClose }: PaneProps) {
  const { session } = room;
  const store = talkOf(room);
  const comments = commentsOf(room);
  const filter = useSignal<Filter>("open");
  const files = new Map(session.files.value.map(({ id, path }) => [id, path]));
  const pathOf = (file: string) => files.get(file) ?? "";
  const kept = [...store.threads.all.value.values()].filter(({ id, resolved, file }) => {
    if (id === comments.shown.value) return true;
    if (filter.value === "resolved") return resolved !== "";
    return resolved === "" && (filter.value === "open" || file === session.activeFile.value?.id);
  });
  const threads = inOrder(kept, pathOf, comments.lines.value);
  const draft = comments.draft.value;
  const pending = store.pending.value.filter(({ anchor }) => anchor);
  const names = namesIn(room, []);
  return (
    <>
      <header class="pane-head">
        <h2 class="pane-title">
          Comments <span class="muted">{threads.length}</span>
        </h2>
        <span class="spring" />
        <Step
          icon={ChevronUp}
          label="Previous comment"
          onPress={() => comments.step(threads, -1)}
        />
        <Step icon={ChevronDown} label="Next comment" onPress={() => comments.step(threads, 1)} />
        <Step
          icon={MessageSquarePlus}
          label="Comment on the selection"
          onPress={() => comments.begin()}
        />
        <button
          class="icon-button wide-only"
          type="button"
          aria-label="Close the comments panel"
          onClick={onClose}
        >
          <Icon of={X} />
        </button>
      </header>
      <fieldset class="comment-filter">
        <legend class="hidden">Which comments</legend>
        {(Object.keys(FILTERS) as Filter[]).map((one) => (
          <button
            key={one}
            class="button small"
            type="button"
            aria-pressed={filter.value === one}
            onClick={() => {
              filter.value = one;
            }}
          >
            {FILTERS[one]}
          </button>
        ))}
      </fieldset>
      <div class="chat-log comment-list">
        {draft && <Writing {...{ room, comments, draft }} path={pathOf(draft.file)} />}
        {pending.map((one) => (
          <Waiting key={one.nonce} {...{ room, store, names }} pending={one} />
        ))}
        {threads.length === 0 && !draft && pending.length === 0 && (
          <p class="pane-empty">
            {filter.value === "resolved"
              ? "Nothing is resolved yet."
              : "No comments. Select some code and press Ctrl+Alt+M, or the plus at a line number."}
          </p>
        )}
        {threads.map((thread) => (
          <ThreadCard key={thread.id} {...{ room, store, comments, thread, pathOf }} />
        ))}
      </div>
    </>
  );
}

function Step({
  icon,
  label,
  onPress,
}: {
  icon: Parameters<typeof Icon>[0]["of"];
  label: string;
  onPress(): void;
}) {
  return (
    <button class="icon-button" type="button" onClick={onPress}>
      <Icon of={icon} />
      <Tip>{label}</Tip>
    </button>
  );
}

interface WritingProps {
  room: RoomContext;
  comments: Comments;
  draft: DraftComment;
  path: string;
}

/** A comment that is being written. */
function Writing({ room, comments, draft, path }: WritingProps) {
  const [suggests, suggest] = useState(false);
  const [text, setText] = useState(draft.quote);
  const card = useRef<HTMLElement>(null);
  const kept = `collab.draft.${room.id}.new`;
  useBeside(room, comments, card, 0);
  return (
    <section class="comment-card" data-shown="true" ref={card} aria-label="New comment">
      <Quote text={draft.quote} />
      <label class="comment-suggest">
        <input
          type="checkbox"
          checked={suggests}
          disabled={draft.quote === ""}
          onChange={({ currentTarget }) => suggest(currentTarget.checked)}
        />
        Suggest an edit
      </label>
      {suggests && (
        <textarea
          class="input comment-code"
          aria-label="What should stand there"
          rows={Math.min(10, text.split("\n").length + 1)}
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      )}
      <Composer
        room={room}
        label="Comment"
        placeholder="Write a comment"
        focus
        title={path}
        draft={kept}
        onCancel={() => {
          remember(kept, null);
          comments.cancel();
        }}
        onSend={(words) => {
          const sent = comments.say(words, suggests ? text : null);
          if (sent) remember(kept, null);
          return sent;
        }}
      />
    </section>
  );
}

interface CardProps {
  room: RoomContext;
  store: TalkStore;
  comments: Comments;
  thread: Thread;
  pathOf(file: string): string;
}

function ThreadCard({ room, store, comments, thread, pathOf }: CardProps) {
  const shown = comments.shown.value === thread.id;
  const card = useRef<HTMLElement>(null);
  const path = pathOf(thread.file);
  const line = comments.lines.value.get(thread.id);
  const where = path ? `${path}${line ? `:${line}` : ""}` : "In a file that was removed";
  useEffect(() => {
    if (shown) card.current?.scrollIntoView({ block: "nearest" });
  }, [shown]);
  useBeside(room, comments, card, shown ? thread.id : null);
  return (
    <section class="comment-card" data-shown={shown} ref={card} aria-label={`Comment, ${where}`}>
      <button
        class="comment-open"
        type="button"
        aria-expanded={shown}
        onClick={() => {
          if (shown) comments.shown.value = null;
          else comments.show(thread);
        }}
      >
        <span class="comment-where">
          <bdi>{where}</bdi>
          {isLost(thread) && <span class="comment-lost">on deleted text</span>}
        </span>
        {!shown && (
          <span class="comment-first">
            <Avatar name={thread.author} colour={thread.colour} />
            <span>
              <bdi class="chat-name">
                <Visible text={thread.author} />
              </bdi>{" "}
              {thread.text === null ? "A message was deleted." : excerpt(thread.text)}
            </span>
          </span>
        )}
        {!shown && thread.count > 1 && (
          <span class="muted">
            {thread.count - 1} {thread.count === 2 ? "answer" : "answers"}
          </span>
        )}
      </button>
      {shown && <Whole {...{ room, store, comments, thread, path }} />}
    </section>
  );
}

function Whole({
  room,
  store,
  comments,
  thread,
  path,
}: Omit<CardProps, "pathOf"> & { path: string }) {
  const messages = store.threads.messages.value.get(thread.id) ?? [];
  const marks = namesOf(messages);
  const names = namesIn(room, messages);
  const pending = store.pending.value.filter((one) => one.thread === thread.id);
  const { resolved } = thread;
  // A suggestion shows the text that it would replace.
  const suggests = messages.some(
    ({ suggestion, text }) => suggestion !== undefined && text !== null,
  );
  return (
    <>
      {thread.quote && !suggests && <Quote text={thread.quote} lost={isLost(thread)} />}
      {messages.map((message) => (
        <div key={message.number}>
          <Group {...{ room, store, names }} messages={[message]} mark={marks.get(message.who)} />
          {message.suggestion !== undefined && message.text !== null && (
            <Suggestion {...{ room, store, message, thread }} />
          )}
        </div>
      ))}
      {pending.map((one) => (
        <Waiting key={one.nonce} {...{ room, store, names }} pending={one} />
      ))}
      {resolved && (
        <p class="muted">
          Resolved by{" "}
          <bdi>
            <Visible text={resolved} />
          </bdi>
        </p>
      )}
      <OnlyReads room={room}>
        <Composer
          room={room}
          label="Answer"
          placeholder="Answer"
          draft={`collab.draft.${room.id}.${thread.id}`}
          onType={() => store.types()}
          onSend={(text) => store.say(text, { thread: thread.id })}
        />
      </OnlyReads>
      <p class="comment-ways">
        {phone.matches && path && (
          <button
            class="button small"
            type="button"
            onClick={() => {
              comments.show(thread);
              hidePane(COMMENTS);
            }}
          >
            Go to the code
          </button>
        )}
        {mayTalk(room.session.standing.value) && (
          <button
            class="button small"
            type="button"
            onClick={() => store.resolve(thread.id, resolved === "")}
          >
            <Icon of={resolved ? RotateCcw : Check} />
            {resolved ? "Open again" : "Resolve"}
          </button>
        )}
      </p>
    </>
  );
}

function Quote({ text, lost = false }: { text: string; lost?: boolean }) {
  if (!text) return null;
  const lines = text.slice(0, MOST_QUOTED).split("\n");
  return (
    <pre
      class="words-code comment-quote"
      data-lost={lost}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
      tabIndex={0}
    >
      <code>
        <Visible text={lines.slice(0, 6).join("\n")} />
        {(lines.length > 6 || text.length > MOST_QUOTED) && "\n…"}
      </code>
    </pre>
  );
}

/** A proposed replacement of the text of a thread, as a difference. */
function Suggestion({
  room,
  store,
  message,
  thread,
}: {
  room: RoomContext;
  store: TalkStore;
  message: Message;
  thread: Thread;
}) {
  const [busy, work] = useState(false);
  const { accepted, suggestion = "" } = message;
  const accept = async () => {
    work(true);
    try {
      await store.api.accept(message.number);
    } catch (error) {
      room.session.say("warn", (error as Error).message);
    }
    work(false);
  };
  return (
    <div class="suggestion">
      <pre
        class="words-code"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
        tabIndex={0}
      >
        {thread.quote !== "" && (
          <del>
            <Visible text={thread.quote} />
          </del>
        )}
        <ins>
          <Visible text={suggestion} />
        </ins>
      </pre>
      {accepted ? (
        <p class="muted">
          Accepted by{" "}
          <bdi>
            <Visible text={accepted} />
          </bdi>
        </p>
      ) : mayWrite(room.session.standing.value) ? (
        <button
          class="button small"
          type="button"
          aria-disabled={busy}
          onClick={() => !busy && void accept()}
        >
          <Icon of={Check} />
          Accept
        </button>
      ) : null}
    </div>
  );
}
