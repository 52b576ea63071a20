/** All extensions of the editor of one file. */
import type { Extension } from "@codemirror/state";
import type { Exchange } from "../link/exchange";
import type { ClientId, FileInfo, Profile } from "../link/protocol";
import { suggest } from "../suggestions";
import { isKnown } from "../ui/languages";
import { asking } from "./ask";
import { remoteCarets } from "./carets";
import { collab } from "./collab";
import { longLines } from "./highlighting";
import { limit } from "./limit";
import { preferences } from "./preferences";
import { type Present, presence } from "./presence";
import { setup } from "./setup";
import { theme } from "./theme";
import { unsavedChanges } from "./unsaved";

/** What the editors of a room ask the rest of the page for. */
export interface Surroundings {
  readonly exchange: Pick<Exchange, "room" | "live" | "submit" | "send">;
  /** Changes that are not saved. */
  unsaved(): number;
  /** The most code points that a text may have. */
  mostText(): number;
  /** The file as it is called now. */
  infoOf(file: string): FileInfo | undefined;
  profileOf(client: ClientId): Profile | undefined;
  say(kind: "info" | "warn", words: string): void;
}

export function fileExtensions(
  { id, path }: FileInfo,
  present: Present,
  around: Surroundings,
): Extension {
  const { exchange, infoOf, say } = around;
  return [
    preferences(() => say("warn", "The keymap could not be loaded.")),
    unsavedChanges.of(around.unsaved),
    collab((operation, origin) => exchange.submit({ kind: "edit", file: id, operation }, origin)),
    limit(around.mostText, (words) => say("warn", words)),
    presence(present, (selections) => {
      const { revision, unsaved } = exchange.room;
      if (unsaved > 0 || revision === null || !exchange.live) return false;
      exchange.send({ type: "presence", file: id, revision, selections });
      return true;
    }),
    remoteCarets(around.profileOf),
    asking.of((text, position, signal) => {
      const file = infoOf(id);
      return exchange.live && file && isKnown(file.language)
        ? suggest(text, position, file.language, signal)
        : null;
    }),
    longLines((words) => say("info", words)),
    setup(() => infoOf(id)?.path ?? path),
    theme(),
  ];
}
