/**
 * The WebSocket of one room: it joins, sends heartbeats, and reconnects for as long as it takes.
 *
 * A `Connection` knows whether the link is live. Of the messages it only looks at `joined` and `pong`.
 */
import { type ClientMessage, decode, type ServerMessage, SUBPROTOCOL } from "./protocol";

export type Link =
  /** `restarting`: the server closed the last link and said that it restarts. */
  | { state: "connecting"; restarting: boolean }
  /** `doubted`: the page has slept, and has asked the server whether the link is still live. */
  | { state: "live"; doubted?: boolean }
  /** `retryAt` in ms since 1970; `attempt` counts from 1. */
  | { state: "waiting"; retryAt: number; attempt: number; restarting: boolean }
  | { state: "offline" };

export interface Owner {
  /** The first message of every connection. */
  join(): ClientMessage;
  /** Throws only if the message makes no sense. */
  receive(message: ServerMessage): void;
  /** The frame could not be read, or `receive` threw. */
  confused(error: unknown): void;
  linkChanged(link: Link): void;
  /** The other side closed the link. After a final code the connection does not reconnect. */
  closed(code: number): void;
}

/**
 * SILENCE: ms without a message before the page sends a ping. PATIENCE: ms without an answer before it
 * takes the link for dead. They are checked each second and are not whole seconds together, so a dead
 * link is found within 10 s even though timers are not exact.
 */
const SILENCE = 4000;
const PATIENCE = 4500;
/** ms without a message after which the page doubts a link, because the heartbeat must have slept. */
const TRUST = 10_000;
/** ms that a link must have been live so that its loss counts as the first one. */
const STEADY = 5000;
const FAST_TRIES = 5;
/** The most ms before the first attempt after a server has said that it restarts. */
const JITTER = 100;
const LONGEST_WAIT = 30_000;

const RESTARTING = 1012;
export const CLOSED = {
  tooLarge: 1009,
  foreign: 4403,
  missing: 4404,
  outdated: 4406,
  replaced: 4409,
  removed: 4410,
  asks: 4423,
  full: 4429,
};
/** Close codes after which reconnecting is of no use. */
const FINAL = [CLOSED.foreign, CLOSED.missing, CLOSED.outdated, CLOSED.removed, CLOSED.asks];

/** ms to wait before this attempt, counted from 1. Five attempts are fast; then the waits grow. */
export function delayBefore(attempt: number, random = Math.random()): number {
  if (attempt <= FAST_TRIES) return 200 + 800 * random;
  const longer = 1000 * 2 ** Math.min(attempt - FAST_TRIES, 10);
  return Math.min(LONGEST_WAIT, longer) * (0.75 + 0.25 * random);
}

declare global {
  interface Window {
    /** The socket that public/first.js opened. */
    collabSocket?: WebSocket | undefined;
  }
}

/** The socket that was opened before the program was loaded, if it can be used. Given out once. */
function earlySocket(url: string): WebSocket | null {
  const socket = globalThis.window?.collabSocket;
  if (socket?.url !== url) return null;
  window.collabSocket = undefined;
  return socket.readyState <= WebSocket.OPEN ? socket : null;
}

export class Connection {
  #url: string;
  #owner: Owner;
  #socket: WebSocket | null = null;
  #link: Link = { state: "connecting", restarting: false };
  #stopped = false;
  #attempt = 0;
  #restarting = false;
  #liveSince = Number.POSITIVE_INFINITY;
  #heardAt = 0;
  #askedAt: number | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  constructor(url: string, owner: Owner) {
    this.#url = url;
    this.#owner = owner;
    addEventListener("online", this.#wake);
    addEventListener("offline", this.#wentOffline);
    addEventListener("pageshow", this.#shown);
    document.addEventListener("visibilitychange", this.#seen);
    document.addEventListener("resume", this.#wake);
    this.#open();
  }

  /** Send a message. Without a live link it is dropped, since everything is settled after the next `joined`. */
  send(message: ClientMessage): void {
    if (this.#link.state === "live") this.#say(message);
  }

  /** Connect at once if there is no link, also after a stop. */
  retryNow(): void {
    if (this.#socket) return;
    this.#stopped = false;
    this.#open();
  }

  /** Drop this socket and join anew. */
  restart(): void {
    this.#lost();
  }

  close(): void {
    this.#stop();
    removeEventListener("online", this.#wake);
    removeEventListener("offline", this.#wentOffline);
    removeEventListener("pageshow", this.#shown);
    document.removeEventListener("visibilitychange", this.#seen);
    document.removeEventListener("resume", this.#wake);
  }

  #open(): void {
    clearTimeout(this.#retry);
    this.#become({ state: "connecting", restarting: this.#restarting });
    this.#liveSince = Number.POSITIVE_INFINITY;
    this.#heardAt = Date.now();
    this.#askedAt = null;
    const socket = earlySocket(this.#url) ?? new WebSocket(this.#url, SUBPROTOCOL);
    this.#socket = socket;
    const join = () => this.#socket === socket && this.#say(this.#owner.join());
    socket.onopen = join;
    // Not at once, because the owner does not have this connection yet.
    if (socket.readyState === WebSocket.OPEN) queueMicrotask(join);
    socket.onmessage = ({ data }) => this.#hear(data);
    socket.onclose = ({ code }) => this.#closedWith(code);
    this.#heartbeat = setInterval(() => this.#beat(), 1000);
  }

  #hear(frame: string): void {
    this.#heardAt = Date.now();
    this.#askedAt = null;
    try {
      const message = decode(frame);
      if (message.type === "joined") {
        this.#liveSince = Date.now();
        this.#restarting = false;
        this.#become({ state: "live" });
      } else if (this.#link.state === "live" && this.#link.doubted) {
        this.#become({ state: "live" });
      }
      if (message.type !== "pong") this.#owner.receive(message);
    } catch (error) {
      this.#owner.confused(error);
    }
  }

  /** Timers in the background run seldom, so only an unanswered ping ends the link. */
  #beat(): void {
    const now = Date.now();
    this.#doubt();
    if (this.#askedAt !== null) {
      if (now - this.#askedAt >= PATIENCE) this.#lost();
    } else if (now - this.#heardAt >= SILENCE) {
      this.#ask();
    }
  }

  /** Doubt a link that has been silent for long, until a message comes. */
  #doubt(): void {
    if (this.#link.state !== "live" || this.#link.doubted) return;
    if (Date.now() - this.#heardAt > TRUST) this.#become({ state: "live", doubted: true });
  }

  #ask(): void {
    this.#askedAt ??= Date.now();
    this.#say({ type: "ping" });
  }

  #closedWith(code: number): void {
    if (FINAL.includes(code)) {
      this.#stop();
      this.#become({ state: "offline" });
      this.#owner.closed(code);
    } else {
      this.#owner.closed(code);
      this.#lost({
        goodbye: code === RESTARTING && this.#link.state === "live",
        full: code === CLOSED.full,
      });
    }
  }

  /**
   * `goodbye`: the server said that it restarts, so another server may accept the page at once.
   * `full`: the room or the server was full, and probably still is, so the wait is longer.
   */
  #lost({ goodbye = false, full = false } = {}): void {
    if (this.#stopped) return;
    this.#drop();
    if (goodbye || Date.now() - this.#liveSince >= STEADY) this.#attempt = 0;
    this.#attempt = Math.max(this.#attempt, full ? FAST_TRIES : 0) + 1;
    this.#restarting = goodbye || (this.#restarting && this.#attempt <= FAST_TRIES);
    const delay = goodbye ? JITTER * Math.random() : delayBefore(this.#attempt);
    this.#retry = setTimeout(() => this.#open(), delay);
    this.#become(
      navigator.onLine
        ? {
            state: "waiting",
            retryAt: Date.now() + delay,
            attempt: this.#attempt,
            restarting: this.#restarting,
          }
        : { state: "offline" },
    );
  }

  /** The network is back. */
  #wake = (): void => {
    this.#doubt();
    if (this.#socket) this.#ask();
    else if (!this.#stopped) this.#open();
  };

  /** The tab came to the front, or went to the back. */
  #seen = (): void => {
    if (document.visibilityState === "visible") this.#wake();
  };

  /** The page comes back from the browser's cache. Its socket was closed meanwhile. */
  #shown = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted || this.#stopped) return;
    this.#drop();
    this.#open();
  };

  /** The browser says that it is offline. The heartbeat finds out whether the link is lost: the server may run here. */
  #wentOffline = (): void => {
    if (this.#socket) this.#ask();
    else if (!this.#stopped) this.#become({ state: "offline" });
  };

  #stop(): void {
    this.#stopped = true;
    this.#drop();
  }

  #drop(): void {
    clearTimeout(this.#retry);
    clearInterval(this.#heartbeat);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /** Send if the socket is open. It may be closing before it reports that. */
  #say(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #become(link: Link): void {
    this.#link = link;
    this.#owner.linkChanged(link);
  }
}
