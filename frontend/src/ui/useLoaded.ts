import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** What `load` brings, and null until then. It is asked once; `fail` is told when it cannot. */
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
