import { useSignal } from "@preact/signals";
import type { HistoryStore } from "./store";

const OTHER = "other";

interface Props {
  store: HistoryStore;
  label: string;
  revision: number;
  onPick(revision: number): void;
}

/** Picks a version, the start, now, or any revision by its number. */
export function RevisionPicker({ store, label, revision, onPick }: Props) {
  const typing = useSignal(false);
  const head = store.heat.value?.head ?? 0;
  const versions = store.versions.value;
  const named = [0, head, ...versions.map((one) => one.revision)].includes(revision);
  if (typing.value) {
    return (
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const number = Number(new FormData(event.currentTarget).get("revision"));
          typing.value = false;
          onPick(Math.max(0, Math.min(head, Math.round(number))));
        }}
      >
        <input
          class="input past-number"
          type="number"
          name="revision"
          min={0}
          max={head}
          aria-label={`${label}: the number of a revision`}
          defaultValue={String(revision)}
          ref={(field) => field?.focus()}
          onBlur={({ currentTarget }) => currentTarget.form?.requestSubmit()}
        />
      </form>
    );
  }
  return (
    <select
      class="past-file"
      aria-label={label}
      value={String(revision)}
      onChange={({ currentTarget }) => {
        if (currentTarget.value === OTHER) typing.value = true;
        else onPick(Number(currentTarget.value));
      }}
    >
      <option value="0">The start</option>
      {versions
        .filter(({ revision: at }) => at !== 0 && at !== head)
        .map(({ revision: at, name }) => (
          <option key={at} value={String(at)}>
            {name}
          </option>
        ))}
      {!named && <option value={String(revision)}>Revision {revision}</option>}
      <option value={String(head)}>Now</option>
      <option value={OTHER}>Another revision…</option>
    </select>
  );
}
