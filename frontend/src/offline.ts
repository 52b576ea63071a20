/** Makes the browser keep the page for times without a network; worker/sw.js has the rules. */

import { at } from "./base";

/** Call this when the page has loaded all that typing needs. Browsers allow it over HTTPS and on localhost. */
export async function keepPage(): Promise<void> {
  if (!import.meta.env.PROD) return;
  try {
    await navigator.serviceWorker?.register(at("/sw.js"), { updateViaCache: "none" });
  } catch {
    // Storage is blocked, or there is no network. The next visit tries again.
  }
}
