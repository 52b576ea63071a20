import { useSignal } from "@preact/signals";
import { GitCompare, Link, Pencil, RotateCcw } from "lucide";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import { useNow } from "../ui/useNow";
import type { Mark, Version } from "./api";
import type { HistoryStore } from "./store";

export interface ListRow {
  kind: Mark["kind"] | "begin";
  revision: number;
  title: string;
  who: string;
  at: number;
  version?: Version;
}

const TITLES: Readonly<Record<Exclude<Mark["kind"], "version">, string>> = {
  import: "Import",
  restore: "Restore",
  undo: "Work taken back",
  replace: "Replaced in all files",
  format: "Formatted",
  run: "Run",
  pause: "Before a pause",
};

/** The versions and marks of a room, the newest first. */
export function rowsOf(store: HistoryStore): ListRow[] {
  const { value: heat } = store.heat;
  const versions = store.versions.value.map(
    (version): ListRow => ({
      kind: "version",
      revision: version.revision,
      title: version.name,
      who: version.people.map(({ name }) => name || "The room").join(", ") || version.author,
      at: version.at,
      version,
    }),
  );
  const marks = store.marks.value
    .filter(({ kind }) => kind !== "version" && kind !== "run")
    .map(
      ({ kind, revision, at, who, of }): ListRow => ({
        kind,
        revision,
        title: `${TITLES[kind as "undo"]}${kind === "restore" && of !== undefined ? ` to revision ${of}` : ""}`,
        who: heat?.people[who]?.name || "The room",
        at,
      }),
    );
  return [...versions, ...marks].sort((a, b) => b.revision - a.revision).slice(0, 500);
}

interface RowProps {
  store: HistoryStore;
  row: ListRow;
}

/** A version or a mark, with its actions. */
export function HistoryRow({ store, row }: RowProps) {
  const now = useNow(60_000);
  const renaming = useSignal(false);
  const { revision, title, who, at, version } = row;
  return (
    <li class="history-row" data-kind={row.kind} data-shown={store.at.value === revision}>
      {renaming.value && version ? (
        <Renaming
          title={title}
          onEnd={(name) => {
            renaming.value = false;
            if (name) void store.rename(name, revision);
          }}
        />
      ) : (
        <button class="history-title" type="button" onClick={() => void store.open(revision)}>
          {title}
        </button>
      )}
      <p class="history-about">
        {who} · {agoWords(at, now)}
        {version && (
          <>
            {" "}
            <span class="past-plus">+{version.inserted}</span>{" "}
            <span class="past-minus">−{version.deleted}</span>
          </>
        )}
      </p>
      <RowActions
        store={store}
        row={row}
        onRename={() => {
          renaming.value = true;
        }}
      />
    </li>
  );
}

/** A field for another name. It ends without a change if the name stays the same. */
function Renaming({ title, onEnd }: { title: string; onEnd(name: string | null): void }) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
        onEnd(name === title ? null : name || null);
      }}
    >
      <input
        class="input"
        name="name"
        aria-label="Name of the version"
        maxLength={60}
        defaultValue={title}
        ref={(field) => field?.focus()}
        onKeyDown={({ key }) => {
          if (key === "Escape") onEnd(null);
        }}
      />
    </form>
  );
}

function RowActions({ store, row, onRename }: RowProps & { onRename(): void }) {
  const { revision, title, version } = row;
  const mayChange = store.mayChange.value;
  const restored = version ? `“${title}”` : `revision ${revision}`;
  return (
    <div class="history-actions">
      <button class="button small" type="button" onClick={() => void store.compare(revision)}>
        <Icon of={GitCompare} size={14} />
        Compare
      </button>
      {mayChange && (
        <button
          class="button small"
          type="button"
          onClick={() => void store.restore({ revision }, `Restore the room to ${restored}`)}
        >
          <Icon of={RotateCcw} size={14} />
          Restore
        </button>
      )}
      {version && mayChange && (
        <button class="icon-button" type="button" onClick={onRename}>
          <Icon of={Pencil} size={14} />
          <Tip>Rename</Tip>
        </button>
      )}
      {version && (
        <button class="icon-button" type="button" onClick={() => void store.copyLink(revision)}>
          <Icon of={Link} size={14} />
          <Tip>Copy a link to this version</Tip>
        </button>
      )}
    </div>
  );
}

/** "now", "5 min ago", "3 h ago", "2 d ago" */
function agoWords(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 60 / 24)} d ago`;
}
