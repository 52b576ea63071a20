import { CircleX, Info, TriangleAlert } from "lucide";
import type { PaneProps, RoomContext } from "../feature";
import { PaneHead } from "../frame/PaneHead";
import type { FileInfo } from "../link/protocol";
import { Icon } from "../ui/Icon";
import { languageName } from "../ui/languages";
import { goTo } from "./going";
import { countWords, type Problem, problemsOf } from "./store";
import "./problems.css";

const ICONS = { error: CircleX, warning: TriangleAlert, info: Info, hint: Info };

/** Lists the problems in the files of the room. A click goes to the place of one. */
export function ProblemsPane({ room, onClose }: PaneProps) {
  const { checked, counts, left } = problemsOf(room);
  const files = room.session.files.value.flatMap((file) => {
    const problems = checked.value.get(file.id)?.problems ?? [];
    return problems.length > 0 ? [{ file, problems }] : [];
  });
  return (
    <>
      <PaneHead title="Problems" onClose={onClose} />
      <p class="problems-told" role="status">
        {counts.value ? countWords(counts.value) : ""}
        {left.value > 0 &&
          ` (${left.value === 1 ? "one file" : `${left.value} files`} not checked)`}
      </p>
      {files.length > 0 ? (
        <div class="problems-list">
          {files.map(({ file, problems }) => (
            <section key={file.id} aria-label={file.path}>
              <h3>
                {file.path} <span class="muted">{problems.length}</span>
              </h3>
              <ul>
                {problems.map((problem) => (
                  <Row key={`${problem.start} ${problem.message}`} {...{ room, file, problem }} />
                ))}
              </ul>
            </section>
          ))}
        </div>
      ) : (
        <p class="pane-empty">{emptyWords(room)}</p>
      )}
    </>
  );
}

function Row({ room, file, problem }: { room: RoomContext; file: FileInfo; problem: Problem }) {
  const { line, severity, message, source, code } = problem;
  return (
    <li>
      <button
        class="problem-row"
        type="button"
        data-severity={severity}
        onClick={() => goTo(room, { file: file.id, problem })}
      >
        <Icon of={ICONS[severity]} size={14} />
        <span class="problem-words">
          <span class="hidden">{severity}: </span>
          {message}
        </span>
        <span class="muted">
          {[source, code].filter(Boolean).join(" ")} · Ln {line}
        </span>
      </button>
    </li>
  );
}

/** Why there is nothing to list. */
function emptyWords({ session, ...room }: RoomContext): string {
  const file = session.activeFile.value;
  if (!file) return "Open a file to have it checked.";
  const told = problemsOf({ session, ...room }).checked.value.get(file.id);
  if (!told) return "The file is being checked…";
  if (told.servers.length > 0) return "No problems were found.";
  return `This server has nothing that checks ${languageName(file.language)}.`;
}
