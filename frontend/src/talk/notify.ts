/** Tells the person of messages that mention them: a notice, a mark in the title, a desktop notification if allowed. */
import { effect, untracked } from "@preact/signals";
import type { RoomContext } from "../feature";
import { isOpen, showPane } from "../frame/open";
import { plainOf } from "../words/markdown";
import { visible } from "../words/seen";
import type { Chat } from "./chat";
import type { Message } from "./messages";
import { COMMENTS, PANE } from "./pane";
import type { Threads } from "./threads";

const MOST_WORDS = 120;
const MARK = "● ";

/** Tell whether a message mentions a person. @here means nobody who was `away`. */
export function isForMe(
  { mentions = [] }: Pick<Message, "mentions">,
  person: string,
  away = false,
): boolean {
  return mentions.includes(person) || (!away && mentions.includes("@here"));
}

/** Shows at most one notice of the chat and one of comments, until the person opens that pane. */
export class Notifier {
  readonly #room: RoomContext;
  readonly #chat: Chat;
  readonly #threads: Threads;
  /** By pane, the words of its notice and the number of mentions that it stands for. */
  readonly #shown = new Map<string, { words: string; count: number }>();
  readonly #ends: (() => void)[];

  constructor(room: RoomContext, chat: Chat, threads: Threads) {
    this.#room = room;
    this.#chat = chat;
    this.#threads = threads;
    this.#ends = [PANE, COMMENTS].map((pane) =>
      effect(() => {
        if (isOpen(pane)) untracked(() => this.#takeBack(pane.id));
      }),
    );
  }

  end(): void {
    for (const end of this.#ends) end();
  }

  /** Tell of a message that mentions the person here, who may have the chat `open`. */
  tell(message: Message, open: boolean): void {
    if (!open || message.thread) this.#say(message);
    if (!document.hidden) return;
    markTitle();
    this.#notifyDesktop(message);
  }

  #say(message: Message): void {
    const pane = message.thread ? COMMENTS : PANE;
    const count = this.#takeBack(pane.id) + 1;
    const more = count > 1 ? ` (${count} mentions)` : "";
    const words = `${visible(message.author)}: ${excerpt(message.text ?? "")}${more}`;
    this.#shown.set(pane.id, { words, count });
    this.#room.session.say("info", words, { label: "Show", run: () => this.#show(message) });
  }

  /** Take back the notice of a pane. Returns the number of mentions that it stood for. */
  #takeBack(pane: string): number {
    const shown = this.#shown.get(pane);
    this.#shown.delete(pane);
    const { session } = this.#room;
    const notice = session.notices.peek().find(({ text }) => text === shown?.words);
    if (!notice) return 0;
    session.dismiss(notice.id);
    return shown?.count ?? 0;
  }

  #show({ thread, number }: Message): void {
    showPane(thread ? COMMENTS : PANE);
    if (thread) this.#threads.wanted.value = thread;
    else void this.#chat.goTo(number);
  }

  #notifyDesktop(message: Message): void {
    if (globalThis.Notification?.permission !== "granted") return;
    try {
      const shown = new Notification(`${visible(message.author)} mentioned you`, {
        body: excerpt(message.text ?? ""),
        tag: `collab ${this.#room.id} ${message.number}`,
      });
      shown.onclick = () => {
        window.focus();
        this.#show(message);
        shown.close();
      };
    } catch {
      // Some browsers show none from a page.
    }
  }
}

/** The beginning of what a message says, in one line, with hidden characters made visible. */
export function excerpt(text: string): string {
  const line = visible((plainOf(text) || text).replace(/\s+/g, " ").trim());
  return line.length > MOST_WORDS ? `${line.slice(0, MOST_WORDS)}…` : line;
}

/** Mark the title of the tab until the person comes back. */
function markTitle(): void {
  if (document.title.startsWith(MARK)) return;
  document.title = MARK + document.title;
  const back = () => {
    if (document.hidden) return;
    document.title = document.title.replace(MARK, "");
    document.removeEventListener("visibilitychange", back);
  };
  document.addEventListener("visibilitychange", back);
}
