/** Loads the support of a language and tries again until that succeeds. */
import type { Extension } from "@codemirror/state";
import type { Language } from "../link/protocol";
import { loadLanguage } from "./languages";

/**
 * The first and the longest wait before another try, in ms. When the network comes back, the next try
 * starts at once.
 */
const WAITS = { first: 4000, last: 60_000 };

/**
 * Load the support of a language, again and again until it arrives. Returns null once `wanted` says no.
 * Calls `tell` when the first try fails. Tests pass their own `load`.
 */
export async function arrival(
  language: Language,
  wanted: () => boolean,
  tell: () => void,
  load: (language: Language) => Promise<Extension> = loadLanguage,
): Promise<Extension | null> {
  for (let wait = WAITS.first; wanted(); wait = Math.min(2 * wait, WAITS.last)) {
    try {
      return await load(language);
    } catch {
      if (wait === WAITS.first && wanted()) tell();
      await online(wait);
    }
  }
  return null;
}

/** Resolve when the network is back, or after `ms` milliseconds. */
function online(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      removeEventListener("online", done);
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
  });
}
