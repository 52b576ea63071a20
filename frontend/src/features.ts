/** The families of features of the page. Their parts are shown in this order. */
import { editor } from "./editor/feature";
import type { Feature } from "./feature";
import { files } from "./files/feature";
import { frame } from "./frame/feature";
import { name } from "./name/feature";
import { notices } from "./notices/feature";
import { palette } from "./palette/feature";
import { people } from "./people/feature";
import { settings } from "./settings/feature";
import { share } from "./share/feature";
import { status } from "./status/feature";

export const FEATURES: readonly Feature[] = [
  name,
  notices,
  files,
  people,
  editor,
  status,
  share,
  frame,
  settings,
  palette,
];
