/** Calls of the browser for passkeys. Each throws an Error whose message is for people. */
import { ask } from "./api";
import { enter } from "./store";

/** The name of a site, as opposed to an address in numbers, for which no browser makes passkeys. */
const NAMED = /^(?!\[)(?!\d+\.\d+\.\d+\.\d+$)/;

export const isNamedSite = (host: string): boolean => NAMED.test(host);

/** Tells whether this browser can make and use passkeys on this page. */
export function canPasskeys(): boolean {
  return (
    isNamedSite(location.hostname) &&
    "PublicKeyCredential" in window &&
    "parseRequestOptionsFromJSON" in PublicKeyCredential
  );
}

/** Make a passkey for the own account. `password` is that of the account, "" where it has none. */
export async function makePasskey(label: string, password: string): Promise<void> {
  const options = await ask<PublicKeyCredentialCreationOptionsJSON>("POST", "/me/passkeys/ask", {
    password: password || null,
  });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await asked(navigator.credentials.create({ publicKey }));
  await ask("POST", "/me/passkeys", { label, credential });
}

/** Sign in with a passkey of this device. */
export async function signInWithPasskey(): Promise<void> {
  const options = await ask<PublicKeyCredentialRequestOptionsJSON>("POST", "/auth/passkeys/ask");
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await asked(navigator.credentials.get({ publicKey }));
  await enter("/auth/passkeys", { credential });
}

/** Wait for the person and the device. */
async function asked(answer: Promise<Credential | null>): Promise<unknown> {
  let credential: Credential | null;
  try {
    credential = await answer;
  } catch (error) {
    const code = error instanceof Error ? error.name : "";
    if (code === "InvalidStateError") throw new Error("This device has a passkey for the account.");
    throw new Error("There was no passkey, or it took too long. Try again.");
  }
  return (credential as PublicKeyCredential | null)?.toJSON();
}
