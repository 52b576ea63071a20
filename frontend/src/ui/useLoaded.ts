import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** Call `load` once and return its result, or null until that arrives. Calls `fail` when loading fails. */
export function useLoaded<T>(load: () => Promise<T>, fail: () => void): T | null {
  const loaded = useSignal<{ it: T } | null>(null);
  useEffect(() => {
    let here = true;
    load().then(
      (it) => {
        if (here) loaded.value = { it };
      },
      () => here && fail(),
    );
    return () => {
      here = false;
    };
  }, []);
  return loaded.value?.it ?? null;
}
