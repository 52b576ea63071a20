/** The families of features of the page. Their parts are shown in this order. */
import { access } from "./access/feature";
import { accounts } from "./accounts/feature";
import { agents } from "./agents/feature";
import { ai } from "./ai/feature";
import { editor } from "./editor/feature";
import type { Feature } from "./feature";
import { files } from "./files/feature";
import { frame } from "./frame/feature";
import { git } from "./git/feature";
import { history } from "./history/feature";
import { indent } from "./indent/feature";
import { name } from "./name/feature";
import { notices } from "./notices/feature";
import { palette } from "./palette/feature";
import { people } from "./people/feature";
import { preview } from "./preview/feature";
import { problems } from "./problems/feature";
import { runs } from "./runs/feature";
import { search } from "./search/feature";
import { settings } from "./settings/feature";
import { share } from "./share/feature";
import { status } from "./status/feature";
import { talk } from "./talk/feature";

export const FEATURES: readonly Feature[] = [
  name,
  notices,
  files,
  search,
  talk,
  people,
  accounts,
  access,
  agents,
  git,
  editor,
  indent,
  preview,
  status,
  share,
  runs,
  problems,
  ai,
  history,
  frame,
  settings,
  palette,
];
