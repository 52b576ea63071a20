import { ask, type Session } from "./api";
import { browserName } from "./browserName";
import { Form } from "./fields";
import { take } from "./store";
import { useList } from "./useList";
import { when } from "./when";

/** The browsers that are signed in. */
export function SessionsSection({ onClose }: { onClose(): void }) {
  const { rows, problem, load, act } = useList<Session>("/me/sessions");
  return (
    <div class="sections">
      <p class="problem" role="alert">
        {problem}
      </p>
      <ul class="rows">
        {rows?.map((row) => (
          <li key={row.id}>
            <span class="row-text">
              <strong>{browserName(row.label)}</strong>
              <span class="remark">
                {row.current ? "this browser" : `last seen ${when(row.seen_at)}`}, since{" "}
                {new Date(row.created_at).toLocaleDateString()}
              </span>
            </span>
            {!row.current && (
              <button
                class="button small"
                type="button"
                onClick={() => act(() => ask("DELETE", `/me/sessions/${row.id}`).then(load))}
              >
                Sign out
              </button>
            )}
          </li>
        ))}
      </ul>
      <Form
        submit="Sign out everywhere"
        onSubmit={async () => {
          await ask("DELETE", "/me/sessions");
          take(null);
          onClose();
        }}
      >
        <p class="remark">This browser, too. API tokens stay.</p>
      </Form>
    </div>
  );
}
