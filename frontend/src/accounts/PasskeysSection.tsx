import { ask } from "./api";
import { Field, Form } from "./fields";
import { canPasskeys, makePasskey } from "./passkeys";
import { me } from "./store";
import { useList } from "./useList";
import { when } from "./when";

interface Passkey {
  id: string;
  label: string;
  created_at: number;
  used_at: number | null;
}

/** The passkeys with which somebody signs in without a password. */
export function PasskeysSection() {
  const { rows, problem, load, act } = useList<Passkey>("/me/passkeys");
  return (
    <div class="sections">
      <p class="problem" role="alert">
        {problem}
      </p>
      {rows?.length === 0 && <p class="remark">No device signs in with a passkey.</p>}
      <ul class="rows">
        {rows?.map((row) => (
          <li key={row.id}>
            <span class="row-text">
              <strong>{row.label}</strong>
              <span class="remark">
                made {when(row.created_at)}
                {row.used_at !== null && `; used ${when(row.used_at)}`}
              </span>
            </span>
            <button
              class="button small"
              type="button"
              aria-label={`Remove ${row.label}`}
              onClick={() => act(() => ask("DELETE", `/me/passkeys/${row.id}`).then(load))}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      {canPasskeys() ? (
        <Form
          submit="Make a passkey"
          onSubmit={async ({ label = "", password = "" }, form) => {
            await makePasskey(label, password);
            form.reset();
            await load();
          }}
        >
          <Field label="What you call it" name="label" maxLength={100} remark="Like “my phone”." />
          {me.value?.password && (
            <Field
              label="Your password"
              name="password"
              type="password"
              autocomplete="current-password"
            />
          )}
        </Form>
      ) : (
        <p class="remark">
          A browser makes passkeys for a page with a name, such as https://pad.example.com or
          http://localhost:8000, and not for an address in numbers.
        </p>
      )}
    </div>
  );
}
