import { useSignal } from "@preact/signals";
import { DoorClosed } from "lucide";
import { useEffect } from "preact/hooks";
import { doorsOf, type State } from "../access/api";
import { loadIdentity, NAME_LIMIT, saveIdentity } from "../identity";
import { Icon } from "../ui/Icon";
import { tidyName } from "../ui/names";
import { PageHeader } from "./PageHeader";

/** ms between two questions whether the owner has answered. */
const EVERY = 2000;
const WORDS: Record<State, string> = {
  not_asked: "The owner of this room decides who comes in. They see the name under which you ask.",
  waiting: "You have asked. The room opens here once its owner lets you in.",
  let_in: "You are let in.",
  turned_away: "The owner of this room has not let you in.",
};

/** The page for a room that one has to be let into. */
export function AskToEnter({ id, name }: { id: string; name: string }) {
  const state = useSignal<State>("not_asked");
  const called = useSignal(name);
  const problem = useSignal("");
  const doors = doorsOf(id);
  const learn = async (asking: Promise<{ state: State }>) => {
    try {
      state.value = (await asking).state;
      problem.value = "";
    } catch (error) {
      problem.value = (error as Error).message;
    }
    if (state.value === "let_in") location.reload();
  };
  useEffect(() => {
    document.title = "Ask to enter · Collab";
    void learn(doors.state());
    const timer = setInterval(() => {
      if (state.peek() === "waiting" && !document.hidden) void learn(doors.state());
    }, EVERY);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="landing">
      <PageHeader />
      <main class="missing">
        <Icon of={DoorClosed} size={32} />
        <h1>Ask to enter</h1>
        <p class="lead" role="status">
          {WORDS[state.value]}
        </p>
        {state.value === "not_asked" && (
          <form
            class="link-line"
            onSubmit={(event) => {
              event.preventDefault();
              const asked = tidyName(called.value, NAME_LIMIT) || name;
              // Whom the owner lets in has the same name in the room.
              saveIdentity({ ...loadIdentity(), name: asked });
              void learn(doors.knock(asked));
            }}
          >
            <input
              class="input"
              aria-label="Your name"
              maxLength={NAME_LIMIT}
              value={called.value}
              onInput={(event) => {
                called.value = event.currentTarget.value;
              }}
            />
            <button class="button primary" type="submit">
              Ask to be let in
            </button>
          </form>
        )}
        <p class="problem" role="alert">
          {problem.value}
        </p>
      </main>
    </div>
  );
}
