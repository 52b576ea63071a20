/** The input of an exchange, and the events that it reports. */
import type { Operation } from "../ot";
import type { Received, Work } from "../room";
import type { Shelf } from "../work/shelf";
import type { Owner } from "./connection";
import type { Author, ClientMessage, FileId, Joined, Profile, ServerMessage } from "./protocol";

/**
 * "missing": there is no such room, or the person here may not know of it. "asks": it lets in whom its owner has let
 * in. "outdated": the page has to be reloaded.
 */
export type Phase = "opening" | "open" | "missing" | "asks" | "outdated";

type Arrival = Extract<ServerMessage, { type: "person" | "presence" | "left" }>;

/** The address of a room, the shelf for its work, and the person here. */
export interface Place {
  room: string;
  shelf: Shelf;
  connect(owner: Owner): Line;
  /** The profile of the person here. Called each time the exchange joins. */
  profile(): Profile;
}

/** The methods of `Connection` that an exchange uses. */
export interface Line {
  send(message: ClientMessage): void;
  retryNow(): void;
  restart(): void;
  close(): void;
}

/** The events that an exchange tells its listeners after it has handled a message. Exceptions of listeners are logged. */
export interface Events {
  /** `received` is the effect of the entries; null if all texts came anew without the `unsaved` changes. */
  joined(message: Joined, received: Received | null, unsaved: number): void;
  received(received: Received): void;
  /** The person here makes a change. */
  submitted(): void;
  people(message: Arrival): void;
  /** The authors of the entries that follow who are not in the room. */
  authors(authors: readonly Author[]): void;
  /** The text of a file differed from the room's. This edit makes the visible text equal to it. */
  mended(file: FileId, edit: Operation): void;
  /** The text of a file that was asked for is here. */
  came(file: FileId): void;
  /** A message of a kind that only a feature knows. */
  told(message: { type: string }): void;
  /** A change will not be saved. If it was an edit, `edit` removes it from the visible text. */
  refused(file: FileId | null, edit: Operation | null, lost: string, why: string): void;
  /** The unsaved changes are dropped, and the texts come anew. */
  gaveUp(work: Work): void;
  /** Another page continues this page's work. */
  replaced(): void;
  /** The server does not let us in, now or at all. */
  turnedAway(why: string): void;
}

export type Listener = Partial<Events>;
