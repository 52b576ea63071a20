/** Entering by a link that gives a role: its secret stands behind the `#`, which no server is sent. */
import { doorsOf } from "./api";

const KEY = /^#key=([A-Za-z0-9_-]{43})$/;

/** The secret in a fragment; null if there is none. */
function keyIn(hash: string): string | null {
  return KEY.exec(hash)?.[1] ?? null;
}

/** Become a member by the link of this page, take the secret out of its address, and begin anew with the role. */
export async function enterByLink(room: string): Promise<void> {
  const secret = keyIn(location.hash);
  if (!secret) return;
  history.replaceState(null, "", location.pathname + location.search);
  // A link that does not hold any more gives nothing: the room says what there is without it.
  await doorsOf(room)
    .enter(secret)
    .catch(() => {});
  location.reload();
}
