/**
 * The interface of a family of features. It brings panes, dialogs, actions and parts of the frame as data.
 * `features.ts` lists the families. The frame shows what they bring and knows none of them by name. An error
 * in one part ends only that part.
 */
import type { Signal } from "@preact/signals";
import type { IconNode } from "lucide";
import type { FunctionComponent } from "preact";
import type { Action, Section } from "./actions";
import type { Identity } from "./identity";
import type { EditorHandle, Person, RoomSession } from "./session";

/** The context of a feature: the room that the page shows, and the editor in it. */
export interface RoomContext {
  readonly id: string;
  readonly session: RoomSession;
  /** Null while no file is shown. */
  readonly editor: Signal<EditorHandle | null>;
  /** The person here, with their name and colour at the opening of the room. */
  readonly identity: Identity;
  readonly features: readonly Feature[];
}

/** A component that only needs the room. */
export type Part = FunctionComponent<{ room: RoomContext }>;

/** The slots of the frame, in which it shows parts. */
export type Slot =
  /** In the top bar: the name of the room, what stands beside it, the middle, and the far end. */
  | "heading"
  | "pill"
  | "middle"
  | "bar"
  /** Above the settings at the foot of the rail. */
  | "rail"
  /** In the middle of the page, and beside the names of the open files. */
  | "main"
  | "tabs"
  /** Beside the text of the file. */
  | "beside"
  /** The status bar; in it, after what is saved, and about the file. */
  | "foot"
  | "status"
  | "file"
  /** At the end of a phone's menu. */
  | "menu"
  /** Over the page. */
  | "page";

/** A pane beside the editor, under it, or in its place. On a phone every pane takes the editor's place. */
export type Place = "left" | "right" | "bottom" | "stage";

export interface Pane {
  id: string;
  /** One word, with a capital. */
  title: string;
  icon: IconNode;
  place: Place;
  /** The section in which the palette lists the pane, and other words by which it is found. */
  section: Section;
  words: string;
  /** Set where another pane leads to this one: the rail and a phone's More leave it out. */
  unlisted?: boolean;
  /** The words on its icon on a phone; null for none. Reads signals. */
  badge?(room: RoomContext): { count: number; words: string } | null;
  /** The badge tells of something new, so it is also shown on a wide screen. */
  badgeOnRail?: true;
  /** It stands at the foot of a phone, where there is room for four. The others are under More. */
  atFoot?: true;
  load(): Promise<FunctionComponent<PaneProps>>;
}

export interface PaneProps {
  room: RoomContext;
  onClose(): void;
}

export interface PersonProps {
  room: RoomContext;
  person: Person;
}

export interface WindowProps {
  room: RoomContext;
  /** A text from the caller that opened the dialog, such as the first letters in the palette's field. */
  query: string;
  onClose(): void;
  /** Call this if the window could not be loaded. */
  onFail(): void;
}

export interface Dialog {
  id: string;
  Window: FunctionComponent<WindowProps>;
  /** Fetch the files of the window, so that it opens later without a network. */
  fetch(): Promise<unknown>;
}

export interface Feature {
  id: string;
  panes?: readonly Pane[];
  dialogs?: readonly Dialog[];
  /** The actions that a person can do. It is called again when a signal that it reads changes. */
  actions?(room: RoomContext): readonly Action[];
  parts?: Partial<Record<Slot, Part>>;
  /** Load what the list of people shows beside each person. */
  ofPerson?(): Promise<FunctionComponent<PersonProps>>;
  /** Load what the share dialog shows of this. */
  ofShare?(): Promise<Part>;
  /** The name of the room; null if this feature does not know it. Reads signals. */
  title?(room: RoomContext): string | null;
  /** Start something that lasts while the page shows the room. Returns a function that ends it. */
  attend?(room: RoomContext): () => void;
}

/** The result of `make`, or `otherwise` if it throws. The browser reports the error. */
export function guarded<T>(otherwise: T, make: () => T): T {
  try {
    return make();
  } catch (error) {
    reportError(error);
    return otherwise;
  }
}
