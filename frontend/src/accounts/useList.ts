import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ask } from "./api";

export interface List<T> {
  /** Null until the server has answered. */
  rows: T[] | null;
  problem: string | null;
  load(): Promise<void>;
  /** Do something; what goes wrong becomes `problem`. */
  act(work: () => Promise<unknown>): void;
}

/** The rows of an address of the server, loaded anew when the address changes. */
export function useList<T>(path: string): List<T> {
  const rows = useSignal<T[] | null>(null);
  const problem = useSignal<string | null>(null);
  const asked = useSignal(0);
  const act = (work: () => Promise<unknown>) => {
    problem.value = null;
    work().catch((error: unknown) => {
      problem.value = error instanceof Error ? error.message : String(error);
    });
  };
  const load = async () => {
    const number = ++asked.value;
    const found = await ask<T[]>("GET", path);
    // An answer to an earlier question comes too late.
    if (number === asked.peek()) rows.value = found;
  };
  useEffect(() => act(load), [path]);
  return { rows: rows.value, problem: problem.value, load, act };
}
