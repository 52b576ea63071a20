/** Finds the link to share, since nobody else can use the link of a page on "localhost". */
import { at } from "../base";

/** Tell whether a host name means the machine of whoever uses it, as "localhost" does. */
export function isThisMachine(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/i.test(hostname);
}

/** The link of a page for other machines of the network; null if they cannot reach it. */
export async function linkForOthers(link: string): Promise<string | null> {
  const url = new URL(link);
  if (!isThisMachine(url.hostname)) return link;
  const answer = await fetch(at("/lan"));
  const { address } = (await answer.json()) as { address: string | null };
  if (address === null) return null;
  url.hostname = address;
  return url.href;
}
