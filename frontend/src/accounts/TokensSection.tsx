import { useSignal } from "@preact/signals";
import { copyText } from "../ui/copy";
import { ask, type Session } from "./api";
import { Field, Form } from "./fields";
import { useList } from "./useList";
import { when } from "./when";

const SCOPES = [
  ["read", "read rooms"],
  ["write", "change rooms"],
  ["account", "read the account"],
] as const;

/** The API tokens of programs. */
export function TokensSection() {
  const { rows, problem, load, act } = useList<Session>("/me/tokens");
  const made = useSignal<string | null>(null);
  return (
    <div class="sections">
      <p class="problem" role="alert">
        {problem}
      </p>
      {made.value && (
        <div class="made" role="status">
          <p>Copy the token now: it is not shown again.</p>
          <div class="link-line">
            <input class="input" readOnly aria-label="The new token" value={made.value} />
            <button
              class="button"
              type="button"
              onClick={() => act(() => copyText(made.value ?? ""))}
            >
              Copy
            </button>
          </div>
        </div>
      )}
      {rows?.length === 0 && <p class="remark">No program has a token of yours.</p>}
      <ul class="rows">
        {rows?.map((row) => (
          <li key={row.id}>
            <span class="row-text">
              <strong>{row.label}</strong>
              <span class="remark">
                {row.scopes.join(", ")}; ends {when(row.expires_at)}
              </span>
            </span>
            <button
              class="button small"
              type="button"
              onClick={() => act(() => ask("DELETE", `/me/tokens/${row.id}`).then(load))}
            >
              Revoke
            </button>
          </li>
        ))}
      </ul>
      <Form
        submit="Make a token"
        onSubmit={async (fields, form) => {
          const scopes = SCOPES.map(([scope]) => scope).filter((scope) => fields[scope]);
          const body = { label: fields.label, scopes, days: Number(fields.days) };
          const { token } = await ask<{ token: string }>("POST", "/me/tokens", body);
          made.value = token;
          form.reset();
          await load();
        }}
      >
        <Field label="What for" name="label" maxLength={100} />
        <fieldset class="checks">
          <legend class="label">It may</legend>
          {SCOPES.map(([scope, words]) => (
            <label key={scope}>
              <input type="checkbox" name={scope} defaultChecked={scope !== "account"} /> {words}
            </label>
          ))}
        </fieldset>
        <label class="field">
          <span class="label">For</span>
          <select class="input" name="days">
            <option value="7">a week</option>
            <option value="90" selected>
              90 days
            </option>
            <option value="365">a year</option>
          </select>
        </label>
      </Form>
    </div>
  );
}
