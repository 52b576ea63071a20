import type { RoomContext } from "../feature";
import { useTask } from "../ui/useTask";
import type { AiStore } from "./store";
import { useStore } from "./useStore";

/**
 * What stands in the way of asking a model: it is off, or the person has not been asked. Renders nothing
 * once it may be asked.
 */
export function Consent({ room, store }: { room: RoomContext; store: AiStore }) {
  const task = useTask();
  const { state, unread } = useStore(store);
  const doing = (work: () => Promise<void>) => () =>
    void task.run(async () => {
      await work();
      return "stays";
    });
  const problem = task.problem && (
    <p class="ai-problem" role="alert">
      {task.problem}
    </p>
  );
  if (!state) {
    return (
      <div class="pane-empty ai-consent">
        <p>{unread || "Reading…"}</p>
        {unread && (
          <button class="button small" type="button" onClick={() => void store.read()}>
            Try again
          </button>
        )}
      </div>
    );
  }
  if (!state.on) return <p class="pane-empty ai-consent">{state.words}</p>;
  if (!state.room) {
    const manages = room.session.standing.value.role === "owner";
    return (
      <div class="pane-empty ai-consent">
        <p>AI is off in this room: nothing of it is sent to a model.</p>
        {manages && (
          <button
            class="button small"
            type="button"
            disabled={task.busy}
            onClick={doing(() => store.allow(true))}
          >
            Turn it on in this room
          </button>
        )}
        {problem}
      </div>
    );
  }
  if (state.choice === "agreed") return null;
  return (
    <div class="pane-empty ai-consent">
      <p>{state.words}</p>
      <p class="muted">
        {state.choice === "off"
          ? "You have turned AI off for yourself. Nothing of yours is sent, with nobody's question."
          : "Files of secrets are left out, and what looks like a secret is masked. You can take this back."}
      </p>
      <p class="ai-choices">
        <button
          class="button primary small"
          type="button"
          disabled={task.busy}
          onClick={doing(() => store.choose(true))}
        >
          Agree
        </button>
        {state.choice === "unasked" && (
          <button
            class="button small"
            type="button"
            disabled={task.busy}
            onClick={doing(() => store.choose(false))}
          >
            Nothing of mine
          </button>
        )}
      </p>
      {problem}
    </div>
  );
}
