/** Shows how files are added: a question, the progress, and the outcome. */
import { Dialog } from "../ui/Dialog";
import { type Step, step } from "./adding";
import type { Conflict } from "./server";
import "./transfers.css";

/** The most paths or remarks that are shown. */
const MOST = 100;

export function Adding() {
  const now = step.value;
  if (now?.kind === "asking") return <Question {...now} />;
  if (now?.kind === "running") return <Running {...now} />;
  if (now?.kind === "done") return <Summary {...now} />;
  return null;
}

const ANSWERS: readonly { conflict: Conflict; title: string; words: string }[] = [
  { conflict: "keep", title: "Keep both", words: "The new ones get a number, as in main_2.py." },
  { conflict: "replace", title: "Replace", words: "The files in the room get the new content." },
  { conflict: "skip", title: "Skip", words: "The files in the room stay as they are." },
];

function Question({ taken, answer }: Extract<Step, { kind: "asking" }>) {
  let chosen: Conflict | null = null;
  return (
    <Dialog
      title={
        taken.length === 1
          ? "A file of this name is there already"
          : `${taken.length} files are there already`
      }
      onClose={() => answer(chosen)}
    >
      <ul class="transfer-list">
        {taken.slice(0, MOST).map((path) => (
          <li key={path}>{path}</li>
        ))}
      </ul>
      <More count={taken.length - MOST} />
      <form method="dialog" class="transfer-answers">
        {ANSWERS.map(({ conflict, title, words }) => (
          <button
            key={conflict}
            class="transfer-answer"
            type="submit"
            data-first={conflict === "keep" || undefined}
            onClick={() => {
              chosen = conflict;
            }}
          >
            <strong>{title}</strong>
            <span class="muted">{words}</span>
          </button>
        ))}
      </form>
    </Dialog>
  );
}

function Running({ words, share, stop }: Extract<Step, { kind: "running" }>) {
  return (
    <section class="transfer-card" aria-label="Files are being added">
      <p role="status">{words}</p>
      <progress aria-label="How much has been sent" value={share ?? undefined} max={1} />
      {stop && (
        <button class="button small" type="button" onClick={stop}>
          Cancel
        </button>
      )}
    </section>
  );
}

function Summary({ title, words, result }: Extract<Step, { kind: "done" }>) {
  const { remarks, more } = result;
  return (
    <Dialog
      title={title}
      onClose={() => {
        step.value = null;
      }}
    >
      <p>{words}</p>
      <ul class="transfer-list">
        {remarks.slice(0, MOST).map(({ path, words, kept }, index) => (
          <li key={`${index}:${path}`}>
            <strong>{path || "The selection"}</strong>{" "}
            <span class="muted">
              {kept ? "" : "Left out: "}
              {words}
            </span>
          </li>
        ))}
      </ul>
      <More count={remarks.length - MOST + more} />
      <form method="dialog" class="transfer-foot">
        <button class="button primary" type="submit" data-first>
          Done
        </button>
      </form>
    </Dialog>
  );
}

function More({ count }: { count: number }) {
  return count > 0 ? <p class="muted">and {count.toLocaleString("en")} more</p> : null;
}
