import { Check, CircleSlash, Play, TriangleAlert, X } from "lucide";
import type { RoomContext } from "../feature";
import { Icon } from "../ui/Icon";
import { canRun, runTests } from "./actions";
import type { RunState, TestResult } from "./messages";
import { onPause, setOnPause } from "./onPause";
import type { Reading } from "./output";
import { endingOf, titleOf } from "./status";
import type { RunStore } from "./store";
import { MOST_SHOWN, reasonIn, resultsOf, timeWords } from "./testing";
import "./tests.css";

interface Props {
  room: RoomContext;
  store: RunStore;
}

const ICONS = { passed: Check, failed: X, error: TriangleAlert, skipped: CircleSlash };

const WITHOUT_RESULTS: Record<Reading, string> = {
  complete: "No test was found. The output says more.",
  reading: "",
  dropped: "The results are not kept any more. Run the tests again.",
  failed: "The results could not be read.",
};

/** The tests of the room: how each went when somebody last ran them. */
export function TestsView({ room, store }: Props) {
  const run = store.runs.value.find(({ tests }) => tests);
  return (
    <>
      <div class="tests-bar">
        <button
          class="button small"
          type="button"
          aria-disabled={!canRun(room)}
          onClick={() => canRun(room) && runTests(room)}
        >
          <Icon of={Play} size={14} />
          Run tests
        </button>
        <label class="tests-pause">
          <input
            type="checkbox"
            checked={onPause.value}
            onChange={({ currentTarget }) => setOnPause(currentTarget.checked)}
          />
          When I pause
        </label>
        <p class="output-status" role="status">
          {run ? [titleOf(run), ...endingOf(run)].join(" · ") : ""}
        </p>
      </div>
      {run ? (
        <Results key={run.run} room={room} store={store} run={run} />
      ) : (
        <p class="pane-empty output-empty">
          No tests were run yet. For Python, pytest runs the functions <code>test_*</code> in the
          files <code>test_*.py</code>; for JavaScript, Node runs the files <code>*.test.js</code>.
        </p>
      )}
    </>
  );
}

function Results({ room, store, run }: Props & { run: RunState }) {
  const output = store.outputOf(run.run);
  output.count.value;
  const results = resultsOf(output);
  if (results.length === 0) {
    return (
      <p class="pane-empty output-empty">
        {run.state === "ended" && WITHOUT_RESULTS[output.reading.value]}{" "}
        {output.reading.value === "failed" && (
          <button class="link" type="button" onClick={() => void output.fetch()}>
            Try again
          </button>
        )}
      </p>
    );
  }
  const more = results.length - MOST_SHOWN;
  return (
    <ul class="run-list" aria-label="Results of the tests">
      {results.slice(0, MOST_SHOWN).map((result, index) => (
        <Result key={`${index} ${result.name}`} room={room} store={store} run={run} {...result} />
      ))}
      {more > 0 && <li class="test-more">And {more} more.</li>}
    </ul>
  );
}

type ResultProps = Props & { run: RunState } & TestResult;

function Result({ store, run, name, outcome, path = "", line = 0, ms, message }: ResultProps) {
  const ran = store.ranBy(run.run);
  const here = path && ran.pathOf(path);
  const open = () => void (here && ran.goTo({ path: here, line: Math.max(1, line), column: 1 }));
  return (
    <li class="test-row" data-outcome={outcome}>
      <Icon of={ICONS[outcome]} />
      <span class="hidden">{outcome}: </span>
      {here ? (
        <button class="test-name" type="button" onClick={open}>
          {name} <span class="run-about">{line ? `${here}:${line}` : here}</span>
        </button>
      ) : (
        <span class="test-name">{name}</span>
      )}
      <span class="run-about">{ms !== undefined && timeWords(ms)}</span>
      {message && outcome !== "passed" && (
        <details class="test-message">
          <summary>{reasonIn(message.split("\n"))}</summary>
          <pre>{message}</pre>
        </details>
      )}
    </li>
  );
}
