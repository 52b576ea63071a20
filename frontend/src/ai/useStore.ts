import { useEffect } from "preact/hooks";
import type { AiState } from "./api";
import type { AiStore } from "./store";

/** The state of AI in the room, which is read when it is first shown. */
export function useStore(store: AiStore): {
  state: AiState | null;
  unread: string;
  ready: boolean;
} {
  useEffect(() => void store.read(), [store]);
  const state = store.state.value;
  const ready = Boolean(state?.on && state.room && state.choice === "agreed");
  return { state, unread: store.unread.value, ready };
}
