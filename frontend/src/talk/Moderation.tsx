/** The owner's controls over all messages of a room. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Dialog } from "../ui/Dialog";
import type { Keeping } from "./api";
import type { TalkStore } from "./store";

interface Props {
  store: TalkStore;
  onClose(): void;
}

/** Asks before the chat is deleted for everybody. */
export function ClearDialog({ store, onClose }: Props) {
  const problem = useSignal("");
  const clear = async () => {
    try {
      await store.api.clear();
      onClose();
    } catch (error) {
      problem.value = (error as Error).message;
    }
  };
  return (
    <Dialog title="Clear the chat" onClose={onClose}>
      <p>
        All messages of the chat are deleted for everybody, and kept nowhere. Comments on the code
        stay.
      </p>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      <div class="dialog-foot">
        <button class="button" type="button" data-first onClick={onClose}>
          Keep it
        </button>
        <button class="button danger" type="button" onClick={() => void clear()}>
          Clear the chat
        </button>
      </div>
    </Dialog>
  );
}

const DAYS = [1, 7, 30, 90, 365];

/** Chooses for how long the room keeps messages. */
export function KeepDialog({ store, onClose }: Props) {
  const kept = useSignal<Keeping | null>(null);
  const problem = useSignal("");
  const ask = async (asking: Promise<Keeping>) => {
    try {
      kept.value = await asking;
      problem.value = "";
    } catch (error) {
      problem.value = (error as Error).message;
    }
  };
  useEffect(() => void ask(store.api.kept()), []);
  const { keep_days: now = null, most = null } = kept.value ?? {};
  const offered = new Set(DAYS.filter((days) => most === null || days < most));
  if (now !== null && now !== most) offered.add(now);
  return (
    <Dialog title="Keep messages" onClose={onClose}>
      <div class="field">
        <label class="label" for="keep-days">
          Messages and comments are kept
        </label>
        <select
          id="keep-days"
          class="input"
          data-first
          disabled={kept.value === null}
          value={now === null || now === most ? "" : String(now)}
          onChange={({ currentTarget: { value } }) =>
            void ask(store.api.keep(value === "" ? null : Number(value)))
          }
        >
          <option value="">
            {most === null ? "For ever" : `${daysWords(most)}, as on this server`}
          </option>
          {[...offered]
            .sort((a, b) => a - b)
            .map((days) => (
              <option key={days} value={String(days)}>
                {daysWords(days)}
              </option>
            ))}
        </select>
        <p class="remark">What is older is deleted at once, for everybody, and kept nowhere.</p>
      </div>
      <p class="problem" role="alert">
        {problem.value}
      </p>
    </Dialog>
  );
}

function daysWords(days: number): string {
  return days === 1 ? "For a day" : `For ${days} days`;
}
