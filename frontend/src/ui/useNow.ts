import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** Return the time in ms since 1970 and render again every `every` ms, or never while `every` is null. */
export function useNow(every: number | null): number {
  const ticks = useSignal(0);
  useEffect(() => {
    if (every === null) return;
    const timer = setInterval(() => {
      ticks.value += 1;
    }, every);
    return () => clearInterval(timer);
  }, [every, ticks]);
  ticks.value;
  return Date.now();
}
