/** Puts together all extensions of the editor of one file. */
import { indentUnit } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { Indent } from "../indent/indent";
import type { Exchange } from "../link/exchange";
import type { ClientId, FileInfo, Profile } from "../link/protocol";
import { suggestAll } from "../suggestions";
import { languageName } from "../ui/languages";
import { asking } from "./ask";
import { remoteCarets } from "./carets";
import { collab } from "./collab";
import { colourless } from "./document";
import { following } from "./following";
import { longLines } from "./highlighting";
import { knowing, knowingOf } from "./knowing";
import { limit } from "./limit";
import { preferences } from "./preferences";
import { type Present, presence } from "./presence";
import { setup } from "./setup";
import { takingBack } from "./takingBack";
import { theme } from "./theme";
import { unsavedChanges } from "./unsaved";

/** The services that the editors of a room need from the rest of the page. */
export interface Surroundings {
  /** The room's id. */
  readonly room: string;
  readonly exchange: Pick<Exchange, "room" | "live" | "submit" | "send">;
  /** Return the number of changes that are not saved yet. */
  unsaved(): number;
  /** Return the most code points that a text may have. */
  mostText(): number;
  /** Return whether the person here may change texts. Reads signals. */
  mayWrite(): boolean;
  /** Return the current name and language of a file. */
  infoOf(file: string): FileInfo | undefined;
  /** Return how a file is indented. Reads signals. */
  indentOf(file: string): Indent;
  profileOf(client: ClientId): Profile | undefined;
  /** See `takingBack`. */
  takeBack(): boolean;
  say(kind: "info" | "warn", words: string): void;
}

export function fileExtensions(
  { id, path }: FileInfo,
  present: Present,
  around: Surroundings,
): Extension {
  const { exchange, infoOf, indentOf, say } = around;
  return [
    preferences(() => say("warn", "The keymap could not be loaded.")),
    unsavedChanges.of(around.unsaved),
    takingBack.of(around.takeBack),
    collab((operation, origin) => exchange.submit({ kind: "edit", file: id, operation }, origin)),
    limit(around.mostText, (words) => say("warn", words)),
    presence(present, (selections) => {
      const { revision, unsaved } = exchange.room;
      if (unsaved > 0 || revision === null || !exchange.live) return false;
      exchange.send({ type: "presence", file: id, revision, selections });
      return true;
    }),
    remoteCarets(around.profileOf),
    asking.of((text, position, signal, begun) => {
      const language = infoOf(id)?.language ?? "";
      const asked = { room: around.room, file: id, language, text, position };
      return exchange.live ? suggestAll(asked, signal, begun) : null;
    }),
    knowing.of(knowingOf(around.room, id)),
    colourless.of((language) =>
      say("warn", `${languageName(language)} could not be loaded. It has no colours until then.`),
    ),
    following(() => indentation(indentOf(id))),
    following(() => (around.mayWrite() ? WRITTEN : WATCHED)),
    longLines((words) => say("info", words)),
    setup(() => infoOf(id)?.path ?? path),
    theme(),
  ];
}

const WRITTEN: Extension = [];
/** The text can be selected, searched and copied, and others' carets are followed. */
const WATCHED: Extension = [
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.contentAttributes.of({ "aria-readonly": "true" }),
];

function indentation({ tabs, width, tabSize }: Indent): Extension {
  const unit = tabs ? "\t" : " ".repeat(width);
  return [indentUnit.of(unit), EditorState.tabSize.of(tabs ? width : tabSize)];
}
