import { useSignal } from "@preact/signals";
import { at } from "../base";
import { type Account, type AuditRow, ask, type RoomRow } from "./api";
import { Field, Form } from "./fields";
import { me } from "./store";
import { useList } from "./useList";
import { when } from "./when";

/** The section of an admin: accounts, rooms, use, and the audit. */
export function AdminSection() {
  return (
    <div class="sections">
      <Accounts />
      <Use />
      <Rooms />
      <Audit />
    </div>
  );
}

function Accounts() {
  const search = useSignal("");
  const link = useSignal<string | null>(null);
  const path = `/admin/accounts?search=${encodeURIComponent(search.value)}`;
  const { rows, problem, load, act } = useList<Account>(path);
  const show = ({ fragment }: { fragment: string }) => {
    link.value = location.origin + at("/") + fragment;
  };
  const change = (account: Account, body: object) =>
    act(() => ask("PATCH", `/admin/accounts/${account.id}`, body).then(load));
  return (
    <section>
      <h3>Accounts</h3>
      <input
        class="input search"
        type="search"
        aria-label="Search accounts"
        placeholder="Search by name or e-mail"
        onInput={(event) => {
          search.value = event.currentTarget.value;
        }}
      />
      <p class="problem" role="alert">
        {problem}
      </p>
      {link.value && (
        <div class="made" role="status">
          <p>Pass this link on. It works once.</p>
          <input class="input" readOnly aria-label="The link" value={link.value} />
        </div>
      )}
      <ul class="rows">
        {rows?.map((row) => (
          <li key={row.id}>
            <span class="row-text">
              <strong>{row.name}</strong>
              <span class="remark">
                {[
                  row.admin && "admin",
                  row.disabled && "disabled",
                  !row.confirmed && "not confirmed",
                  row.email,
                  row.seen_at ? `seen ${when(row.seen_at)}` : "never signed in",
                  `${row.rooms} ${row.rooms === 1 ? "room" : "rooms"}`,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </span>
            {row.id !== me.value?.id && (
              <span class="row-buttons">
                <button
                  class="button small"
                  type="button"
                  onClick={() => change(row, { disabled: !row.disabled })}
                >
                  {row.disabled ? "Enable" : "Disable"}
                </button>
                <button
                  class="button small"
                  type="button"
                  onClick={() => change(row, { admin: !row.admin })}
                >
                  {row.admin ? "No admin" : "Make admin"}
                </button>
                <button
                  class="button small"
                  type="button"
                  onClick={() =>
                    act(async () => show(await ask("POST", `/admin/accounts/${row.id}/reset`)))
                  }
                >
                  Reset link
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
      <Form
        submit="Add an account"
        onSubmit={async ({ name, email }, form) => {
          show(await ask("POST", "/admin/accounts", { name, email: email || null }));
          form.reset();
          await load();
        }}
      >
        <Field label="Name" name="name" maxLength={40} autocomplete="off" />
        <Field
          label="E-mail, if there is one"
          name="email"
          type="email"
          required={false}
          autocomplete="off"
        />
      </Form>
      <button
        class="button"
        type="button"
        onClick={() => act(async () => show(await ask("POST", "/admin/invitations")))}
      >
        Invite somebody
      </button>
    </section>
  );
}

function Use() {
  const { rows, problem } = useList<never>("/admin/use");
  const use = rows as unknown as Record<string, number> | null;
  return (
    <section>
      <h3>Use</h3>
      <p class="problem">{problem}</p>
      {use && (
        <dl class="use">
          {Object.entries(use).map(([name, count]) => (
            <div key={name}>
              <dt>{name === "bytes" ? "megabytes" : name}</dt>
              <dd>{(name === "bytes" ? Math.ceil(count / 1e6) : count).toLocaleString()}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function Rooms() {
  const { rows } = useList<RoomRow>("/admin/rooms");
  return (
    <section>
      <h3>Rooms</h3>
      <ul class="rows">
        {rows?.map((row) => (
          <li key={row.start}>
            <span class="row-text">
              <strong>{row.title ?? `Room ${row.start}`}</strong>
              <span class="remark">
                {row.revision.toLocaleString()} {row.revision === 1 ? "change" : "changes"}, the
                last {when(row.updated_at)}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Audit() {
  const { rows } = useList<AuditRow>("/admin/audit");
  return (
    <section>
      <h3>Audit</h3>
      <ul class="rows">
        {rows?.map((row) => (
          <li key={row.id}>
            <span class="row-text">
              <strong>{row.what}</strong>
              <span class="remark">
                {new Date(row.at).toLocaleString()} · {row.actor ?? "–"}
                {row.account && row.account !== row.actor && ` → ${row.account}`}
                {row.network && ` · ${row.network}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
