/** The menu of the output: what can be done with a text that a program printed. */
import { openSearchPanel } from "@codemirror/search";
import {
  Bot,
  Copy,
  Download,
  FileDiff,
  GitCompareArrows,
  RotateCcw,
  Search,
  SlidersHorizontal,
  Trash2,
} from "lucide";
import { explain } from "../ai/asking";
import type { RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { copyText } from "../ui/copy";
import { download } from "../ui/download";
import type { MenuItem } from "../ui/Menu";
import { mayRun } from "./actions";
import type { RunState } from "./messages";
import type { RunStore } from "./store";
import type { OutputText } from "./text";

export function outputMenu(
  room: RoomContext,
  store: RunStore,
  run: RunState,
  shown: OutputText | null,
  compareText: () => void,
  compareOutput: (one: RunState, other: RunState) => void,
): MenuItem[] {
  const { session } = room;
  const runs = mayRun(room);
  const all = store.runs.peek();
  const before = all[all.findIndex((other) => other.run === run.run) + 1];
  const text = shown && [
    {
      title: "Search in the output",
      icon: Search,
      // The menu gives the focus back first.
      run: () => void setTimeout(() => openSearchPanel(shown.view)),
    },
    { title: "Explain it with AI", icon: Bot, run: () => explain(shown.text) },
    { title: "Copy the output", icon: Copy, run: () => void copy(shown.text) },
    {
      title: "Download the output",
      icon: Download,
      run: () =>
        download(`${run.path.replace(/^.*\//, "") || "output"}.${run.run}.txt`, shown.text),
    },
    {
      title: "Clear for me",
      icon: Trash2,
      run: () => store.outputOf(run.run).clear(),
    },
  ];
  const ended = run.state === "ended";
  return [
    ...(text ?? []),
    ...(ended && runs
      ? [
          {
            title: "Run its text of then again",
            icon: RotateCcw,
            run: () => void store.again({ past: true }),
          },
        ]
      : []),
    { title: "Compare its text with now", icon: FileDiff, run: compareText },
    ...(before && !before.dropped
      ? [
          {
            title: "Compare with the output before",
            icon: GitCompareArrows,
            run: () => compareOutput(before, run),
          },
        ]
      : []),
    ...(runs
      ? [{ title: "How the program is run", icon: SlidersHorizontal, run: () => openDialog("run") }]
      : []),
  ];

  async function copy(text: string): Promise<void> {
    const copied = await copyText(text);
    session.say(
      copied ? "info" : "warn",
      copied ? "The output is copied." : "The browser does not let the page copy.",
    );
  }
}
