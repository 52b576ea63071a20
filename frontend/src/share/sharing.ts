/** The link to hand out. A page that is open on "localhost" has one that nobody else can use. */
import { at } from "../base";

/** Whether a host name means this machine, whoever says it. */
export function isThisMachine(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/i.test(hostname);
}

/** The address of a page as other machines of the network have it; null where they have none. */
export async function linkForOthers(link: string): Promise<string | null> {
  const url = new URL(link);
  if (!isThisMachine(url.hostname)) return link;
  const answer = await fetch(at("/lan"));
  const { address } = (await answer.json()) as { address: string | null };
  if (address === null) return null;
  url.hostname = address;
  return url.href;
}
