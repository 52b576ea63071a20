import { useSignal } from "@preact/signals";
import { Dialog } from "../ui/Dialog";
import type { Draft, HistoryStore } from "./store";

/** Shows the changes that restoring, or undoing somebody's work, would make. */
export function DraftDialog({ store, draft }: { store: HistoryStore; draft: Draft }) {
  const busy = useSignal(false);
  const close = () => {
    store.draft.value = null;
  };
  const { title, words, files, act } = draft;
  const go = async () => {
    busy.value = true;
    await act();
    busy.value = false;
  };
  return (
    <Dialog title={title} onClose={close}>
      {files.length === 0 ? (
        <p>There is nothing to change: the room is like that now.</p>
      ) : (
        <>
          <p class="muted">{words}</p>
          <ul class="draft-files">
            {files.map(({ id, status, before, path, inserted, deleted }) => (
              <li key={id}>
                <span class="draft-path">
                  {status === "moved" ? `${before} → ${path}` : (path ?? before)}
                </span>
                {status !== "changed" && <span class="muted">{STATUS[status]}</span>}
                <span class="past-plus">+{inserted}</span>
                <span class="past-minus">−{deleted}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <div class="dialog-foot draft-foot">
        <button class="button" type="button" onClick={close}>
          {files.length === 0 ? "Close" : "Cancel"}
        </button>
        {files.length > 0 && (
          <button
            class="button primary"
            type="button"
            disabled={busy.value}
            onClick={() => void go()}
          >
            {title.startsWith("Take") ? "Take back" : "Restore"}
          </button>
        )}
      </div>
    </Dialog>
  );
}

const STATUS = { added: "comes back", removed: "goes", moved: "moves", changed: "" } as const;
