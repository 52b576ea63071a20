/** Has the browser keep the page for times without a network; worker/sw.js has the rules. */

import { at } from "./base";

/** Call it when the page has all that typing needs. Browsers offer it over HTTPS and on localhost. */
export async function keepPage(): Promise<void> {
  if (!import.meta.env.PROD) return;
  try {
    await navigator.serviceWorker?.register(at("/sw.js"), { updateViaCache: "none" });
  } catch {
    // Storage is blocked, or the network is gone: the next visit tries again.
  }
}
