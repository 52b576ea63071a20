import { openSearchPanel } from "@codemirror/search";
import { useSignal } from "@preact/signals";
import { CornerDownLeft, Ellipsis, History, RotateCcw, Search, Square, SquareX, X } from "lucide";
import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import type { PaneProps } from "../feature";
import { Icon } from "../ui/Icon";
import { Menu, type MenuAt } from "../ui/Menu";
import { Tip } from "../ui/Tip";
import { useLoaded } from "../ui/useLoaded";
import { canRun, fileToRun, mayRun, runFile } from "./actions";
import { readGround } from "./api";
import type { Sides } from "./CompareDialog";
import { comparedOutputs, comparedTexts } from "./comparing";
import type { RunState } from "./messages";
import { OutputText } from "./OutputText";
import { outputMenu } from "./outputMenu";
import { RunList } from "./RunList";
import { statusOf } from "./status";
import { type RunStore, runsOf } from "./store";
import { TestsView } from "./TestsView";
import type { OutputText as Shown } from "./text";
import { useStale } from "./useStale";
import { view } from "./view";
import { WrittenView } from "./WrittenView";
import "./output.css";

/** The most characters that the protocol takes at a time. */
const LONGEST_LINE = 65_000;

/** The pane with the output of the room's program, and a line in which people can answer the program. */
export function OutputPane({ room, onClose }: PaneProps) {
  const store = runsOf(room);
  const run = store.run.value;
  const shown = useRef<Shown | null>(null);
  const menu = useSignal<MenuAt | null>(null);
  const compared = useSignal<Promise<Sides> | null>(null);
  const active = run !== null && run.state !== "ended";
  const runs = mayRun(room);
  const compareText = () => {
    if (run) compared.value = comparedTexts(room, store.ranBy(run.run), run);
  };
  const compareOutput = (one: RunState, other: RunState) => {
    compared.value = comparedOutputs(store, one, other);
  };
  return (
    <>
      <header class="pane-head output-head">
        <h2 class="output-tabs">
          <Tab to="output">Output</Tab>
          <Tab to="tests">Tests</Tab>
        </h2>
        <p class="output-status" role="status" title={run ? statusOf(run) : ""}>
          {run && view.value !== "tests" ? statusOf(run) : ""}
        </p>
        {active && runs && (
          <button class="button small" type="button" onClick={() => store.stop()}>
            <Icon of={Square} size={14} />
            Stop
          </button>
        )}
        {run && !active && runs && view.value !== "tests" && (
          <button class="icon-button" type="button" onClick={() => void store.again()}>
            <Icon of={RotateCcw} />
            <Tip>Run again with the same input</Tip>
          </button>
        )}
        {run && view.value !== "tests" && (
          <>
            {view.value === "output" && store.outputOf(run.run).reading.value !== "dropped" && (
              <button
                class="icon-button wide-only"
                type="button"
                onClick={() => shown.current && openSearchPanel(shown.current.view)}
              >
                <Icon of={Search} />
                <Tip>Search in the output</Tip>
              </button>
            )}
            <button
              class="icon-button"
              type="button"
              aria-pressed={view.value === "runs"}
              onClick={() => {
                view.value = view.peek() === "runs" ? "output" : "runs";
              }}
            >
              <Icon of={History} />
              <Tip>Earlier runs</Tip>
            </button>
            <button
              class="icon-button"
              type="button"
              aria-haspopup="menu"
              onClick={({ currentTarget }) => {
                const { left, bottom } = currentTarget.getBoundingClientRect();
                menu.value = { x: left, y: bottom };
              }}
            >
              <Icon of={Ellipsis} />
              <Tip>More about the output</Tip>
            </button>
          </>
        )}
        <button
          class="icon-button wide-only"
          type="button"
          aria-label="Close the output panel"
          onClick={onClose}
        >
          <Icon of={X} />
        </button>
      </header>
      {view.value === "tests" ? (
        <TestsView room={room} store={store} />
      ) : run && view.value === "written" ? (
        <Written room={room} run={run} />
      ) : run && view.value === "runs" ? (
        <RunList
          store={store}
          onChoose={(run) => {
            store.choose(run);
            view.value = "output";
          }}
          onCompare={compareOutput}
        />
      ) : run ? (
        <OneRun key={run.run} room={room} run={run} shown={shown} onCompare={compareText} />
      ) : (
        <Empty
          store={store}
          onRun={canRun(room) ? () => runFile(room, fileToRun(room)) : undefined}
        />
      )}
      {active && runs && view.value === "output" && (
        <Input store={store} waiting={run.waiting === true} />
      )}
      {run && menu.value && (
        <Menu
          label="More about the output"
          at={menu.value}
          items={outputMenu(room, store, run, shown.current, compareText, compareOutput)}
          onClose={() => {
            menu.value = null;
          }}
        />
      )}
      {compared.value && (
        <Compared
          sides={compared.value}
          onClose={() => {
            compared.value = null;
          }}
          onFail={() => {
            compared.value = null;
            room.session.say("warn", "The texts could not be read. Try again online.");
          }}
        />
      )}
    </>
  );
}

function Tab({ to, children }: { to: "output" | "tests"; children: string }) {
  const here = (view.value === "tests") === (to === "tests");
  return (
    <button
      class="output-tab"
      type="button"
      aria-current={here ? "true" : undefined}
      onClick={() => {
        view.value = to;
      }}
    >
      {children}
    </button>
  );
}

/** The files that a run wrote, and the way back. */
function Written({ room, run }: { room: PaneProps["room"]; run: RunState }) {
  return (
    <>
      <p class="output-note">
        What {run.path || "the program"} wrote at revision {run.run}.
        <button
          class="link"
          type="button"
          onClick={() => {
            view.value = "output";
          }}
        >
          Back to the output
        </button>
      </p>
      <WrittenView key={run.run} room={room} run={run} />
    </>
  );
}

function Empty({ store, onRun }: { store: RunStore; onRun?: (() => void) | undefined }) {
  const ground = useLoaded(readGround, () => {});
  if (store.state.value === "failed") {
    return (
      <div class="pane-empty output-empty">
        The output could not be read.{" "}
        <button class="link" type="button" onClick={() => void store.fetch()}>
          Try again
        </button>
      </div>
    );
  }
  if (ground?.words) return <div class="pane-empty output-empty">{ground.words}</div>;
  return (
    <div class="pane-empty output-empty">
      {store.state.value === "here" && "Nothing was run in this room yet. "}
      {onRun && (
        <button class="link" type="button" onClick={onRun}>
          Run the file
        </button>
      )}
    </div>
  );
}

interface OneRunProps {
  room: PaneProps["room"];
  run: RunState;
  shown: RefObject<Shown | null>;
  onCompare(): void;
}

/** One run: remarks about the text that it ran, and its output. */
function OneRun({ room, run, shown, onCompare }: OneRunProps) {
  const store = runsOf(room);
  const output = store.outputOf(run.run);
  const ran = store.ranBy(run.run);
  const stale = useStale(room, ran, run);
  const { reading, cleared } = output;
  const older = store.chosen.value !== null;
  return (
    <>
      {(stale || older) && (
        <p class="output-note">
          {older && "An earlier run. "}
          {stale && "This is not the text you see. "}
          {stale && (
            <button class="link" type="button" onClick={onCompare}>
              Compare
            </button>
          )}
          {older && (
            <button
              class="link"
              type="button"
              onClick={() => {
                store.chosen.value = null;
              }}
            >
              Show the latest
            </button>
          )}
        </p>
      )}
      {reading.value === "failed" && (
        <p class="output-note">
          Some of the output could not be read.{" "}
          <button class="link" type="button" onClick={() => void output.fetch()}>
            Try again
          </button>
        </p>
      )}
      {reading.value === "dropped" ? (
        <div class="pane-empty output-empty">
          This output is not kept any more.{" "}
          {mayRun(room) && (
            <button class="link" type="button" onClick={() => void store.again()}>
              Run it again
            </button>
          )}
        </div>
      ) : (
        <OutputText key={cleared.value} room={room} output={output} ran={ran} shown={shown} />
      )}
      {(run.files ?? 0) > 0 && reading.value !== "dropped" && (
        <p class="output-note output-wrote">
          It wrote {run.files === 1 ? "a file" : `${run.files} files`}.
          <button
            class="link"
            type="button"
            onClick={() => {
              view.value = "written";
            }}
          >
            Look
          </button>
        </p>
      )}
    </>
  );
}

interface ComparedProps {
  sides: Promise<Sides>;
  onClose(): void;
  onFail(): void;
}

function Compared({ sides, onClose, onFail }: ComparedProps) {
  const loaded = useLoaded(
    async () => ({ Window: (await import("./CompareDialog")).CompareDialog, sides: await sides }),
    onFail,
  );
  return loaded && <loaded.Window sides={loaded.sides} onClose={onClose} />;
}

/** The input line, in which everybody can answer the program. */
function Input({ store, waiting }: { store: RunStore; waiting: boolean }) {
  const field = useRef<HTMLInputElement>(null);
  const send = (event: Event) => {
    event.preventDefault();
    if (field.current && store.type(`${field.current.value}\n`)) field.current.value = "";
  };
  return (
    <form class="output-input" data-waiting={waiting} onSubmit={send}>
      <input
        ref={field}
        class="output-field"
        aria-label="Input for the program"
        placeholder={waiting ? "The program waits for input" : "Type input for the program"}
        maxLength={LONGEST_LINE}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
      />
      <button class="icon-button" type="submit">
        <Icon of={CornerDownLeft} />
        <Tip>Send the line</Tip>
      </button>
      <button class="icon-button" type="button" onClick={() => store.endInput()}>
        <Icon of={SquareX} />
        <Tip>End the input</Tip>
      </button>
    </form>
  );
}
