/**
 * What a page shows before its socket has joined: the texts that came together with the page, or the
 * last ones of this device. Joining then brings what happened since, like after a broken link.
 */

import { diff } from "../ot";
import type { KnownTexts, Work } from "../room";
import type { LastTexts, Whereabouts } from "./lastTexts";

/** Revisions that the texts of this device may be behind to be gone on from. */
const BEHIND = 1000;
/** ms that opening waits for texts which the browser has asked for. */
const PATIENCE = 2000;

export interface Opening {
  texts: KnownTexts | null;
  whereabouts: Whereabouts | null;
}

/** The texts that the browser has asked for with the page; null where it has not, or in vain. */
export async function textsOfThePage(room: string): Promise<KnownTexts | null> {
  const link = document.querySelector<HTMLLinkElement>("link[rel=preload][as=fetch]");
  if (!link?.href.endsWith(`/rooms/${room}/opening`)) return null;
  try {
    const answer = await fetch(link.href, { signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok ? ((await answer.json()) as KnownTexts) : null;
  } catch {
    return null;
  }
}

/**
 * Which texts to begin with. Work that is gone on with needs those of its own revision. The device's
 * are better than newer ones: the entries since carry the caret exactly.
 */
export function chooseOpening(
  kept: LastTexts | null,
  fresh: KnownTexts | null,
  work: Work | null,
): Opening {
  const whereabouts = kept?.whereabouts ?? null;
  if (work) {
    const texts = [kept, fresh].find((one) => one?.revision === work.revision) ?? null;
    return { texts, whereabouts };
  }
  if (!kept || !fresh) return { texts: kept ?? fresh, whereabouts };
  const behind = fresh.revision - kept.revision;
  if (behind >= 0 && behind <= BEHIND) return { texts: kept, whereabouts };
  return { texts: fresh, whereabouts: whereabouts && carried(whereabouts, kept, fresh) };
}

/** The same place in another text of the file, as far as their common ends tell. */
function carried(from: Whereabouts, kept: KnownTexts, fresh: KnownTexts): Whereabouts | null {
  const textOf = ({ files }: KnownTexts) => files.find(({ id }) => id === from.file)?.text;
  const [before, after] = [textOf(kept), textOf(fresh)];
  if (before === undefined || after === undefined) return null;
  const edit = diff(before, after);
  const at = (position: number) => edit.map(Math.min(position, edit.baseLength));
  return { file: from.file, anchor: at(from.anchor), head: at(from.head), top: at(from.top) };
}
