/** Every kind of change that the page knows. A feature with a change of its own adds a line. */
import { version } from "./history/kind";
import { name } from "./name/kind";
import type { AnyKind } from "./room/kind";
import { add } from "./room/kinds/add";
import { edit } from "./room/kinds/edit";
import { language } from "./room/kinds/language";
import { manyOf } from "./room/kinds/many";
import { asset, folder, move, put, remove, restore } from "./room/kinds/tree";
import { run } from "./runs/kind";
import { program } from "./runs/program";

const SINGLE: readonly AnyKind[] = [
  edit,
  language,
  add,
  folder,
  move,
  remove,
  restore,
  asset,
  put,
  name,
  program,
];

/** `collab.room.kinds` of the server has the same ones: both run `tests/vectors/changes.json`. */
export const KINDS: readonly AnyKind[] = [...SINGLE, manyOf(SINGLE), run, version];
