/** The requests about messages and comments. Each throws an Error whose message is for people. */
import { at } from "../base";
import type { RoomContext } from "../feature";
import type { Message } from "./messages";

/** Days; null is for ever. */
export interface Keeping {
  keep_days: number | null;
  most: number | null;
}

export interface Page {
  messages: Message[];
  /** There may be more beyond. */
  more: boolean;
}

export class TalkApi {
  readonly #room: RoomContext;
  readonly #way: string;

  constructor(room: RoomContext) {
    this.#room = room;
    this.#way = at(`/rooms/${room.id}`);
  }

  page(query: string): Promise<Page> {
    return ask<Page>(`${this.#way}/messages?${query}`);
  }

  /** Delete the chat for everybody. */
  clear(): Promise<void> {
    return ask<void>(`${this.#way}/messages`, { method: "DELETE" });
  }

  /** For how long the room keeps messages. */
  kept(): Promise<Keeping> {
    return ask<Keeping>(`${this.#way}/talk`);
  }

  keep(keep_days: number | null): Promise<Keeping> {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ keep_days });
    return ask<Keeping>(`${this.#way}/talk`, { method: "PATCH", headers, body });
  }

  /** Accept a suggestion, in the name of the person here. */
  accept(number: number): Promise<void> {
    const { name, person } = this.#room.session.people.peek()[0] ?? this.#room.identity;
    const headers = { "X-Collab-Name": encodeURIComponent(name), "X-Collab-Person": person };
    return ask<void>(`${this.#way}/messages/${number}/accept`, { method: "POST", headers });
  }
}

async function ask<T>(way: string, request: RequestInit = {}): Promise<T> {
  const answer = await fetch(way, request).catch(() => null);
  const text = await answer?.text();
  if (answer?.ok) return (text ? JSON.parse(text) : undefined) as T;
  let words = "The server does not answer. Try again online.";
  try {
    words = (JSON.parse(text ?? "") as { detail?: string }).detail ?? words;
  } catch {
    // A proxy has answered.
  }
  throw new Error(words);
}
