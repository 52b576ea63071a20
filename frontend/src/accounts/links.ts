/** The links of e-mails and admins. Their secrets are in the fragment, which no server is told. */

export interface Link {
  /** `failed`: signing in with an issuer did not work; the secret is the code that says why. */
  kind: "reset" | "confirm" | "invite" | "failed";
  secret: string;
}

/** The link that a fragment is; null for any other. */
export function linkIn(fragment: string): Link | null {
  const [, code] = /^#sign-in-failed=([a-z_]{1,40})$/.exec(fragment) ?? [];
  if (code) return { kind: "failed", secret: code };
  const [, kind, secret] = /^#(reset|confirm|invite)=([\w-]{20,100})$/.exec(fragment) ?? [];
  return kind && secret ? { kind: kind as Link["kind"], secret } : null;
}

/** Take the link out of the address, so that it stays neither there nor in the history. */
export function takeLink(): Link | null {
  const link = linkIn(location.hash);
  if (link) history.replaceState(history.state, "", location.pathname + location.search);
  return link;
}

/** Tells whether somebody has just come back from an issuer; the address is told so only once. */
export function takeReturn(): boolean {
  if (location.hash !== "#signed-in") return false;
  history.replaceState(history.state, "", location.pathname + location.search);
  return true;
}
