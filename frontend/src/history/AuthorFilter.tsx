import { KINDS } from "./bursts";
import type { HistoryStore } from "./store";

/** Picks the person and the kind of writing that are coloured. */
export function AuthorFilter({ store }: { store: HistoryStore }) {
  const shown = store.shown.value;
  const people = store.heat.value?.people ?? [];
  return (
    <>
      <select
        class="past-file"
        aria-label="Whose text is coloured"
        value={shown.person ?? ""}
        onChange={({ currentTarget }) => {
          store.shown.value = { ...shown, person: currentTarget.value || null };
        }}
      >
        <option value="">Everybody</option>
        {people.map(({ person, name }) => (
          <option key={person} value={person}>
            {name || "The room"}
          </option>
        ))}
      </select>
      <select
        class="past-file"
        aria-label="What kind of text is coloured"
        value={shown.kind ?? ""}
        onChange={({ currentTarget }) => {
          store.shown.value = { ...shown, kind: currentTarget.value || null };
        }}
      >
        <option value="">In any way</option>
        {Object.entries(KINDS).map(([kind, words]) => (
          <option key={kind} value={kind}>
            {words}
          </option>
        ))}
      </select>
    </>
  );
}
