/** The talk of a room, as the page knows it. It handles the server's messages, and sends the person's actions. */
import {
  batch,
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from "@preact/signals";
import { mayTalk } from "../access/standing";
import type { RoomContext } from "../feature";
import { isOpen } from "../frame/open";
import { recall, remember } from "../storage";
import { TalkApi } from "./api";
import { Chat } from "./chat";
import { happeningsOf } from "./happenings";
import { Mentionable } from "./mentionable";
import { MOST_MENTIONS, mentionsIn, namesAway } from "./mentions";
import type { Message, Said, TalkMessage } from "./messages";
import { isForMe, Notifier } from "./notify";
import { type Pending, talkKey } from "./outbox";
import { PANE } from "./pane";
import { Sending } from "./sending";
import { Threads } from "./threads";
import type { Happening } from "./timeline";
import { Typing } from "./typing";
import { unread } from "./unread";

export class TalkStore {
  readonly chat: Chat;
  readonly threads: Threads;
  readonly typing: Typing;
  readonly mentionable: Mentionable;
  /** The messages of the person here that the server has not kept yet. */
  readonly pending: ReadonlySignal<readonly Pending[]>;
  readonly happenings: ReadonlySignal<readonly Happening[]>;
  /** The server sends this page the messages of the room. */
  readonly here = signal(false);
  /** The public id of the person here, by which their messages are known. */
  readonly who = signal("");
  /** The last message that the person here has read; null while it is not known. */
  readonly read = signal<number | null>(null);
  /** The unread line is after this message; null: there is none. */
  readonly unreadAfter = signal<number | null>(null);
  readonly muted: Kept;
  readonly happeningsHidden = new Kept("collab.talk.happenings-hidden");
  /** The result of a search; null while nothing is searched for. */
  readonly found = signal<readonly Message[] | null>(null);
  /** The message that is edited, and the one that is answered in the chat's field. */
  readonly editing = signal<Message | null>(null);
  readonly answering = signal<Message | null>(null);
  readonly api: TalkApi;

  /** The number of others' messages of the chat that are not read. */
  readonly unread: ReadonlySignal<number> = computed(() => {
    const read = this.read.value;
    if (read === null) return 0;
    return this.chat.messages.value.filter(
      ({ number, who, text }) => number > read && who !== this.who.value && text !== null,
    ).length;
  });

  readonly #room: RoomContext;
  readonly #sending: Sending;
  readonly #notifier: Notifier;
  readonly #key: string;
  #stamp: number | undefined;
  /** The highest number of a message that was told; null before the first telling. */
  #newest: number | null = null;
  #ended = false;
  readonly #ends: (() => void)[] = [];

  constructor(room: RoomContext) {
    this.#room = room;
    const warn = (words: string) => room.session.say("warn", words);
    this.api = new TalkApi(room);
    this.chat = new Chat(this.api, warn);
    this.threads = new Threads(this.api, warn);
    this.typing = new Typing(room);
    this.mentionable = new Mentionable(room, this.chat.messages);
    this.muted = new Kept(`collab.talk.muted.${room.id}`);
    this.#notifier = new Notifier(room, this.chat, this.threads);
    this.#key = talkKey(localStorageOrNone());
    this.#sending = new Sending(room, localStorageOrNone());
    this.pending = this.#sending.pending;
    this.happenings = happeningsOf(room);
    room.session.hear((message) => {
      if (!this.#ended) this.#hear(message as TalkMessage);
    });
    this.#ends.push(
      effect(() => {
        const live =
          room.session.link.value.state === "live" && room.session.phase.value === "open";
        if (live) this.#begin();
        else this.here.value = false;
      }),
      effect(() => {
        // Messages of a person who may not talk wait on the device.
        const open = this.here.value && mayTalk(room.session.standing.value);
        untracked(() => (open ? this.#sending.open() : this.#sending.close()));
      }),
      effect(() => {
        unread(room).value = this.muted.value ? 0 : this.unread.value;
      }),
      () => this.#notifier.end(),
    );
  }

  end(): void {
    this.#ended = true;
    this.#sending.close();
    for (const end of this.#ends) end();
  }

  // What the person does

  /** Say something. It is kept on this device until the server has it. */
  say(text: string, more: Omit<Said, "nonce" | "text"> = {}): true {
    const { people, names: known } = this.mentionable;
    const all = new Set([...(more.mentions ?? []), ...mentionsIn(text, people)]);
    const mentions = [...all].slice(0, MOST_MENTIONS);
    const names = namesAway(text, people, known, mentions.length);
    this.#sending.say({
      text,
      ...more,
      ...(mentions.length > 0 && { mentions }),
      ...(names.length > 0 && { names }),
    });
    return true;
  }

  retry(pending: Pending): void {
    this.#sending.retry(pending);
  }

  /** Give up a message that is not sent. */
  discard(nonce: string): void {
    this.#sending.discard(nonce);
  }

  /** Change the text of a message. Returns whether that was sent. */
  edit(number: number, text: string): boolean {
    return this.#ask({ type: "edit_say", number, text });
  }

  unsay(number: number): void {
    this.#ask({ type: "unsay", number });
  }

  /** Give a reaction, or take it away. */
  react(message: Message, name: string): void {
    const mine = message.reactions?.[name]?.some(([who]) => who === this.who.peek()) ?? false;
    this.#ask({ type: "react", number: message.number, name, on: !mine });
  }

  resolve(thread: number, resolved: boolean): void {
    this.#ask({ type: "resolve", thread, resolved });
  }

  /** Tell the others that the person types. */
  types(): void {
    if (this.here.peek()) this.typing.tell();
  }

  /** Ask for the places of a file's threads. */
  askPlaces(file: string): void {
    if (this.here.peek()) this.#room.session.send({ type: "places", file });
  }

  /** Note that the person has seen everything. */
  seeAll(): void {
    const last = this.chat.messages.peek().at(-1)?.number ?? 0;
    if (last <= (this.read.peek() ?? 0)) return;
    this.read.value = last;
    if (this.here.peek()) this.#room.session.send({ type: "read_to", number: last });
  }

  // What the server tells

  #begin(): void {
    const stamp = this.#stamp;
    this.#room.session.send({
      type: "talk",
      key: this.#key,
      ...(stamp !== undefined && { stamp }),
    });
  }

  #hear(message: TalkMessage): void {
    switch (message.type) {
      case "talk":
        batch(() => this.#told(message));
        break;
      case "said":
        this.#sending.said(message.nonce);
        break;
      case "unsaid":
        this.#sending.unsaid(message);
        break;
      case "typing":
        this.typing.hear(message.client);
        break;
      case "places":
        this.threads.places.value = message;
        break;
      default:
    }
  }

  /** Show messages that were found as they are now, and those that are gone no more. */
  #keepFound(news: readonly Message[], cleared: number): void {
    const found = this.found.value;
    if (found === null) return;
    const current = new Map(news.map((one) => [one.number, one]));
    this.found.value = found
      .map((one) => current.get(one.number) ?? one)
      .filter(({ number, text, thread }) => text !== null && (thread || number > cleared));
  }

  #told(message: Extract<TalkMessage, { type: "talk" }>): void {
    const { messages = [], threads = [], reset, who, read, said = 0, cleared = 0 } = message;
    if (reset) {
      this.chat.reset(messages);
      this.threads.reset();
    }
    this.#stamp = Math.max(this.#stamp ?? 0, message.stamp);
    this.chat.put(messages);
    this.threads.putMessages(messages);
    this.threads.put(threads);
    if (cleared > 0) this.chat.clear(cleared);
    this.#keepFound(messages, cleared);
    if (who) {
      this.who.value = who;
      this.#readTo(read ?? 0);
      this.here.value = true;
    }
    const newest = this.#newest;
    this.#newest = Math.max(newest ?? 0, said, ...messages.map(({ number }) => number));
    if (newest !== null) {
      const news = messages.filter(({ number }) => number > newest);
      this.#notify(news, who !== undefined && who !== "");
    }
    for (const { person } of messages) this.typing.said(person);
  }

  #readTo(read: number): void {
    const before = this.read.peek();
    this.read.value = Math.max(before ?? 0, read);
    if (before === null) this.unreadAfter.value = this.unread.value > 0 ? read : null;
  }

  /** Tell the person of new messages that mention them; `away`: they were said while this page was not connected. */
  #notify(news: readonly Message[], away: boolean): void {
    const open = isOpen(PANE) && !document.hidden;
    for (const message of news) {
      if (message.who === this.who.peek() || message.text === null) continue;
      if (this.unreadAfter.peek() === null && !open && !message.thread) {
        this.unreadAfter.value = this.read.peek();
      }
      const forMe = isForMe(message, this.#room.identity.person, away);
      if (forMe && !this.muted.peek()) this.#notifier.tell(message, open);
    }
  }

  #ask(message: Parameters<RoomContext["session"]["send"]>[0]): boolean {
    if (this.here.peek()) this.#room.session.send(message);
    else this.#room.session.say("warn", "You are not connected. Try again when you are.");
    return this.here.peek();
  }
}

/** A choice of the person between no and yes, which the device keeps. */
class Kept {
  readonly #key: string;
  readonly #is: Signal<boolean>;

  constructor(key: string) {
    this.#key = key;
    this.#is = signal(recall(key) === "yes");
  }

  get value(): boolean {
    return this.#is.value;
  }

  peek(): boolean {
    return this.#is.peek();
  }

  toggle(): void {
    this.#is.value = !this.peek();
    remember(this.#key, this.peek() ? "yes" : null);
  }
}

const stores = new WeakMap<RoomContext, TalkStore>();

export function talkOf(room: RoomContext): TalkStore {
  let store = stores.get(room);
  if (!store) {
    store = new TalkStore(room);
    stores.set(room, store);
  }
  return store;
}

/** Return the storage of the device; if it has none, one that always throws. */
function localStorageOrNone(): Storage {
  try {
    return localStorage;
  } catch {
    return new Proxy({} as Storage, {
      get: () => {
        throw new Error("there is no storage");
      },
    });
  }
}
