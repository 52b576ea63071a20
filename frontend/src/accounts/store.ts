/** Keeps who is signed in on this device, as the page knows it. */
import { signal } from "@preact/signals";
import { loadIdentity, NAME_LIMIT, saveIdentity } from "../identity";
import { recall, remember } from "../storage";
import { tidyName } from "../ui/names";
import { ask, type Me, type Ways } from "./api";

const KEY = "collab.account";

/** The name of the account; null for nobody. Known from the last visit until the server has answered. */
export const accountName = signal<string | null>(recall(KEY) || null);
/** The own account; undefined until the server has been asked, null for nobody. */
export const me = signal<Me | null | undefined>(undefined);

/** Ask the server who this is. Scripts cannot see the cookie. */
export async function loadMe(): Promise<Me | null> {
  take((await ask<{ me: Me | null }>("GET", "/me/known")).me);
  return me.value ?? null;
}

/** Note who this is now. */
export function take(found: Me | null): void {
  me.value = found;
  accountName.value = found?.name ?? null;
  remember(KEY, found?.name ?? "");
}

/** Sign in or up. The rooms of this device then see the account's name. */
export async function enter(
  path: "/auth/signin" | "/auth/signup" | "/auth/passkeys",
  body: object,
): Promise<Me> {
  const found = await ask<Me>("POST", path, body);
  take(found);
  const name = tidyName(found.name ?? "", NAME_LIMIT);
  if (name) saveIdentity({ ...loadIdentity(), name });
  return found;
}

export async function signOut(): Promise<void> {
  await ask("POST", "/auth/signout");
  take(null);
}

export const ways = (): Promise<Ways> => ask<Ways>("GET", "/auth/ways");
