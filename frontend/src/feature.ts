/**
 * What a family of the page's features brings, as data: panes, dialogs, actions, parts of the frame.
 * `features.ts` lists the families. The frame shows what they bring and knows none of them; an error
 * in one of them ends that part alone.
 */
import type { Signal } from "@preact/signals";
import type { IconNode } from "lucide";
import type { FunctionComponent } from "preact";
import type { Action, Section } from "./actions";
import type { Identity } from "./identity";
import type { EditorHandle, RoomSession } from "./session";

/** What a feature gets: the room that the page shows, and the editor in it. */
export interface RoomContext {
  readonly id: string;
  readonly session: RoomSession;
  /** Null while no file is shown. */
  readonly editor: Signal<EditorHandle | null>;
  /** The person here, as they were when the room was opened. */
  readonly identity: Identity;
  readonly features: readonly Feature[];
}

/** A component that needs nothing but the room. */
export type Part = FunctionComponent<{ room: RoomContext }>;

/** Where the frame shows parts. */
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
  /** The status bar; in it, after what is saved, and about the file. */
  | "foot"
  | "status"
  | "file"
  /** At the end of a phone's menu. */
  | "menu"
  /** In the dialog of that name. */
  | "share"
  /** Over the page. */
  | "page";

/** Beside the editor, under it, or in its stead. On a phone every pane takes the editor's stead. */
export type Place = "left" | "right" | "bottom" | "stage";

export interface Pane {
  id: string;
  /** One word, with a capital. */
  title: string;
  icon: IconNode;
  place: Place;
  /** Where the palette lists the way to it, and by what other words it is found. */
  section: Section;
  words: string;
  /** What a phone shows on its icon. Reads signals; null: nothing. */
  badge?(room: RoomContext): { count: number; words: string } | null;
  load(): Promise<FunctionComponent<PaneProps>>;
}

export interface PaneProps {
  room: RoomContext;
  onClose(): void;
}

export interface WindowProps {
  room: RoomContext;
  /** What whoever opened it wrote for it, like what the palette's field begins with. */
  query: string;
  onClose(): void;
  /** It could not be loaded. */
  onFail(): void;
}

export interface Dialog {
  id: string;
  Window: FunctionComponent<WindowProps>;
  /** Fetch what the window needs, so that it opens without the network later. */
  fetch(): Promise<unknown>;
}

export interface Feature {
  id: string;
  panes?: readonly Pane[];
  dialogs?: readonly Dialog[];
  /** What a person can do. It is called again when a signal that it reads has another value. */
  actions?(room: RoomContext): readonly Action[];
  parts?: Partial<Record<Slot, Part>>;
  /** What the room is called; null: this feature does not know. Reads signals. */
  title?(room: RoomContext): string | null;
  /** Do something for as long as the page shows the room; returns what ends it. */
  attend?(room: RoomContext): () => void;
}

/** What `make` returns, or `otherwise` when it throws; the browser reports the error. */
export function guarded<T>(otherwise: T, make: () => T): T {
  try {
    return make();
  } catch (error) {
    reportError(error);
    return otherwise;
  }
}
