/** The messages about talk, as PROTOCOL.md defines them. */
import type { FileId } from "../link/protocol";

export const REACTIONS = ["👍", "👎", "😄", "🎉", "😕", "❤️", "🚀", "👀"] as const;

/** A part of a file at a revision, in code points. */
export interface Anchor {
  file: FileId;
  revision: number;
  start: number;
  end: number;
  quote: string;
}

declare module "../link/protocol" {
  interface FeatureMessages {
    talk: { key: string; stamp?: number };
    say: Said;
    edit_say: { number: number; text: string };
    unsay: { number: number };
    react: { number: number; name: string; on: boolean };
    resolve: { thread: number; resolved: boolean };
    read_to: { number: number };
    typing: object;
    places: { file: FileId };
  }
}

/** A message to say. */
export interface Said {
  nonce: string;
  text: string;
  thread?: number;
  anchor?: Anchor;
  suggestion?: string;
  mentions?: string[];
  /** Names of people who are mentioned and not here. */
  names?: string[];
  /** The number of the message that this one answers. */
  reply?: number;
}

/** A message as it is now. Its text is null if it is deleted. */
export interface Message {
  number: number;
  stamp: number;
  who: string;
  person: string;
  author: string;
  colour: number;
  /** ms since 1970. */
  at: number;
  text: string | null;
  thread?: number;
  edited?: number;
  suggestion?: string;
  accepted?: string;
  mentions?: string[];
  reply?: number;
  /** By reaction, who has given it and their name. */
  reactions?: Record<string, [who: string, name: string][]>;
}

/** A thread as it is now. Its place is empty if its text is deleted. */
export interface Thread {
  id: number;
  file: FileId;
  revision: number;
  start: number;
  end: number;
  quote: string;
  resolved: string;
  count: number;
  last: number;
  who: string;
  author: string;
  colour: number;
  at: number;
  text: string | null;
}

export type TalkMessage =
  | {
      type: "talk";
      stamp: number;
      messages?: Message[];
      threads?: (Partial<Thread> & { id: number; deleted?: boolean })[];
      reset?: boolean;
      who?: string;
      read?: number;
      said?: number;
      unread?: number;
      /** The chat up to this number is gone. */
      cleared?: number;
    }
  | { type: "said"; nonce: string; number: number }
  | {
      type: "unsaid";
      nonce?: string;
      number?: number;
      code: string;
      message: string;
      wait?: number;
    }
  | { type: "typing"; client: string }
  | { type: "places"; file: FileId; revision: number; threads: Place[] };

export interface Place {
  id: number;
  start?: number;
  end?: number;
}

const EMPTY = {
  file: "",
  revision: 0,
  start: 0,
  end: 0,
  quote: "",
  resolved: "",
  count: 0,
  last: 0,
  who: "",
  author: "",
  colour: 0,
  at: 0,
  text: null,
};

/** A thread with the fields that the server leaves out where they are empty. */
export function wholeThread(thread: Partial<Thread> & { id: number }): Thread {
  return { ...EMPTY, ...thread };
}
