import { Copy, Pencil, Reply, SmilePlus, Trash2 } from "lucide";
import { useState } from "preact/hooks";
import { mayTalk } from "../access/standing";
import type { RoomContext } from "../feature";
import { copyText } from "../ui/copy";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import { isTouch } from "../ui/touch";
import { visible } from "../words/seen";
import { Visible } from "../words/Visible";
import { Words } from "../words/Words";
import { Composer } from "./Composer";
import { type Message, REACTIONS } from "./messages";
import { excerpt, isForMe } from "./notify";
import type { TalkStore } from "./store";
import "./message.css";

/** ms in which one's own messages can be changed. */
const EDITABLE = 24 * 3_600_000;

interface Props {
  room: RoomContext;
  store: TalkStore;
  message: Message;
  names: readonly string[];
}

/** One message: its words, its reactions, and its actions. */
export function MessageRow({ room, store, message, names }: Props) {
  const [picking, pick] = useState(false);
  const [removing, remove] = useState(false);
  const { text, number, reactions = {} } = message;
  const mine = message.who === store.who.value;
  const standing = room.session.standing.value;
  const talks = mayTalk(standing);
  const editable = talks && mine && text !== null && Date.now() - message.at < EDITABLE;
  const deletable = editable || standing.role === "owner";
  const editing = store.editing.value?.number === number;
  if (text === null) return <p class="message message-gone muted">A message was deleted.</p>;
  if (editing) {
    const end = () => {
      store.editing.value = null;
    };
    return (
      <Composer
        room={room}
        label="Edit the message"
        placeholder=""
        title="Edit the message"
        text={text}
        focus
        onCancel={end}
        onSend={(words) => {
          if (words !== text && !store.edit(number, words)) return false;
          end();
          return true;
        }}
      />
    );
  }
  const forMe = !mine && isForMe(message, room.identity.person);
  const react = (name: string) => {
    store.react(message, name);
    pick(false);
  };
  return (
    <div
      class="message"
      data-for-me={forMe}
      data-number={number}
      // A finger that touches the message shows what can be done with it.
      tabIndex={isTouch() ? -1 : undefined}
    >
      {message.reply ? <Answered store={store} number={message.reply} /> : null}
      <Words text={text} room={room} names={names} />
      {message.edited ? (
        <span class="message-edited muted" title={new Date(message.edited).toLocaleString()}>
          edited
        </span>
      ) : null}
      {Object.keys(reactions).length > 0 && (
        <div class="reactions">
          {Object.entries(reactions).map(([name, people]) => (
            <button
              key={name}
              class="reaction"
              type="button"
              aria-disabled={!talks}
              aria-pressed={people.some(([who]) => who === store.who.value)}
              onClick={() => talks && react(name)}
            >
              {name} {people.length}
              <Tip>{people.map(([, author]) => visible(author)).join(", ")}</Tip>
            </button>
          ))}
        </div>
      )}
      {picking && (
        <fieldset class="reactions">
          <legend class="hidden">Reactions</legend>
          {REACTIONS.map((name) => (
            <button key={name} class="reaction" type="button" onClick={() => react(name)}>
              {name}
            </button>
          ))}
        </fieldset>
      )}
      {removing && (
        <p class="message-ask">
          Delete it for everybody?{" "}
          <button class="link" type="button" onClick={() => store.unsay(number)}>
            Delete
          </button>{" "}
          <button class="link" type="button" onClick={() => remove(false)}>
            Keep
          </button>
        </p>
      )}
      <fieldset class="message-actions">
        <legend class="hidden">Message</legend>
        {talks && (
          <button
            class="icon-button"
            type="button"
            aria-expanded={picking}
            onClick={() => pick(!picking)}
          >
            <Icon of={SmilePlus} />
            <Tip>React</Tip>
          </button>
        )}
        {talks && !message.thread && (
          <button
            class="icon-button"
            type="button"
            onClick={() => {
              store.answering.value = message;
            }}
          >
            <Icon of={Reply} />
            <Tip>Reply</Tip>
          </button>
        )}
        <button class="icon-button" type="button" onClick={() => void copyText(text)}>
          <Icon of={Copy} />
          <Tip>Copy the text</Tip>
        </button>
        {editable && (
          <button
            class="icon-button"
            type="button"
            onClick={() => {
              store.editing.value = message;
            }}
          >
            <Icon of={Pencil} />
            <Tip>Edit</Tip>
          </button>
        )}
        {deletable && (
          <button class="icon-button" type="button" onClick={() => remove(true)}>
            <Icon of={Trash2} />
            <Tip>Delete</Tip>
          </button>
        )}
      </fieldset>
    </div>
  );
}

/** The message that one answers, in a line. A click goes there. */
export function Answered({ store, number }: { store: TalkStore; number: number }) {
  const message = store.chat.answered(number);
  if (message === undefined) return <p class="answered muted">…</p>;
  if (message === null || message.text === null) {
    return <p class="answered muted">In answer to a message that was deleted</p>;
  }
  return (
    <button class="answered" type="button" onClick={() => void store.chat.goTo(number)}>
      <Icon of={Reply} />
      <span class="hidden">In answer to </span>
      <bdi class="chat-name">
        <Visible text={message.author} />
      </bdi>
      <span class="answered-words">{excerpt(message.text)}</span>
    </button>
  );
}
