import { useSignal } from "@preact/signals";
import type { WindowProps } from "../feature";
import { Dialog } from "../ui/Dialog";
import { isRunnable } from "./actions";
import { argsIn, envIn, MOST_LINES, optionsOf, wordsOf } from "./options";
import "./options.css";

/** How the program of the room is run, for everybody. */
export function OptionsDialog({ room, onClose }: WindowProps) {
  const { session } = room;
  const said = session.facts.peek().program ?? {};
  const entry = useSignal(said.entry ?? "");
  const stdin = useSignal(said.stdin ?? "");
  const args = useSignal(wordsOf.args(said.args ?? []));
  const env = useSignal(wordsOf.env(said.env ?? {}));
  const files = session.files.value;
  const runnable = files.filter(isRunnable);
  const { problem: argsProblem } = argsIn(args.value);
  const { problem: envProblem } = envIn(env.value);

  const save = (event: SubmitEvent) => {
    const program = optionsOf(entry.value, args.value, env.value, stdin.value);
    if (!program) event.preventDefault();
    else session.submit({ kind: "program", program });
  };
  return (
    <Dialog title="How the program is run" onClose={onClose}>
      <form class="run-options" method="dialog" onSubmit={save}>
        <label class="field">
          <span class="label">File that Run runs</span>
          <select
            class="input"
            data-first
            value={entry.value}
            onChange={({ currentTarget }) => {
              entry.value = currentTarget.value;
            }}
          >
            <option value="">The file that is shown</option>
            {runnable.map(({ id, path }) => (
              <option key={id} value={id}>
                {path}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span class="label">Arguments, one in a line</span>
          <textarea
            class="input run-lines"
            rows={2}
            spellcheck={false}
            value={args.value}
            aria-invalid={argsProblem !== ""}
            onInput={({ currentTarget }) => {
              args.value = currentTarget.value;
            }}
          />
        </label>
        <p class="problem" role="alert">
          {argsProblem}
        </p>
        <label class="field">
          <span class="label">Environment</span>
          <textarea
            class="input run-lines"
            rows={2}
            spellcheck={false}
            value={env.value}
            aria-invalid={envProblem !== ""}
            aria-describedby="env-remark"
            onInput={({ currentTarget }) => {
              env.value = currentTarget.value;
            }}
          />
        </label>
        <p class="remark" id="env-remark">
          One <code>NAME=value</code> in a line. Everybody in the room can read it, now and in the
          history: write no secrets here.
        </p>
        <p class="problem" role="alert">
          {envProblem}
        </p>
        <label class="field">
          <span class="label">Input</span>
          <select
            class="input"
            value={stdin.value}
            onChange={({ currentTarget }) => {
              stdin.value = currentTarget.value;
            }}
          >
            <option value="">People type it</option>
            {files.map(({ id, path }) => (
              <option key={id} value={id}>
                The text of {path}
              </option>
            ))}
          </select>
        </label>
        <div class="dialog-foot">
          <p class="remark">For everybody in this room. At most {MOST_LINES} lines each.</p>
          <button class="button primary" type="submit">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
