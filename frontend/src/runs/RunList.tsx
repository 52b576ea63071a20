import { Check, GitCompareArrows, LoaderCircle, TriangleAlert } from "lucide";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import { useNow } from "../ui/useNow";
import type { RunState } from "./messages";
import { agoWords, endingOf, outcomeOf, titleOf } from "./status";
import type { RunStore } from "./store";

interface Props {
  store: RunStore;
  onChoose(run: number): void;
  onCompare(one: RunState, other: RunState): void;
}

const ICONS = { active: LoaderCircle, good: Check, bad: TriangleAlert };

/** The runs of late, each with its output. */
export function RunList({ store, onChoose, onCompare }: Props) {
  const now = useNow(60_000);
  const shown = store.run.value;
  return (
    <ul class="run-list" aria-label="Earlier runs">
      {store.runs.value.map((run) => (
        <li key={run.run} class="run-row" data-outcome={outcomeOf(run)}>
          <button
            class="run-choice"
            type="button"
            aria-current={run.run === shown?.run ? "true" : undefined}
            onClick={() => onChoose(run.run)}
          >
            <Icon of={ICONS[outcomeOf(run)]} />
            <span class="run-title">{titleOf(run)}</span>
            <span class="run-about">
              {[
                run.started_at && agoWords(run.started_at, now),
                `revision ${run.run}`,
                ...endingOf(run),
                run.dropped && "output not kept",
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </button>
          {shown && shown.run !== run.run && !run.dropped && (
            <button class="icon-button" type="button" onClick={() => onCompare(run, shown)}>
              <Icon of={GitCompareArrows} />
              <Tip>Compare its output with that of revision {shown.run}</Tip>
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
