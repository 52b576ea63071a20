/**
 * Chooses what a page shows before its socket has joined: the texts that came with the page, or the last
 * ones of this device. Joining then brings the entries since, as after a broken link.
 */

import { diff } from "../ot";
import type { KnownTexts, Work } from "../room";
import type { LastTexts, Whereabouts } from "./lastTexts";
import { textOf } from "./records";

/** The most revisions that the texts of this device may be behind to be used. */
const BEHIND = 1000;
/** ms that opening waits for texts that the browser has requested. */
const PATIENCE = 2000;

export interface Opening {
  texts: KnownTexts | null;
  whereabouts: Whereabouts | null;
  /** The text to read if no texts have the revision of the work, so that nothing can be typed. */
  unplaced: Unplaced | null;
}

/** The last known texts, and what waits to be put into them. */
export interface Unplaced {
  texts: KnownTexts;
  waiting: string;
}

/** The texts that the browser has requested with the page. Null if it has not, or got none. */
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
 * Choose the texts to start with. Work that is continued needs the texts of its own revision. The device's
 * texts are better than newer ones, because the entries since then move the caret exactly.
 */
export function chooseOpening(
  kept: LastTexts | null,
  fresh: KnownTexts | null,
  work: Work | null,
): Opening {
  const whereabouts = kept?.whereabouts ?? null;
  const unplaced = null;
  if (work) {
    const texts = [kept, fresh].find((one) => one?.revision === work.revision) ?? null;
    const last = kept && fresh && fresh.revision > kept.revision ? fresh : (kept ?? fresh);
    if (texts || !last) return { texts, whereabouts, unplaced };
    return { texts, whereabouts, unplaced: { texts: last, waiting: textOf(work) } };
  }
  if (!kept || !fresh) return { texts: kept ?? fresh, whereabouts, unplaced };
  const behind = fresh.revision - kept.revision;
  if (behind >= 0 && behind <= BEHIND) return { texts: kept, whereabouts, unplaced };
  return { texts: fresh, whereabouts: whereabouts && carried(whereabouts, kept, fresh), unplaced };
}

/** The same place in another text of the file, found by the common ends of both texts. */
function carried(from: Whereabouts, kept: KnownTexts, fresh: KnownTexts): Whereabouts | null {
  const textOf = ({ files }: KnownTexts) => files.find(({ id }) => id === from.file)?.text;
  const [before, after] = [textOf(kept), textOf(fresh)];
  if (before === undefined || after === undefined) return null;
  const edit = diff(before, after);
  const at = (position: number) => edit.map(Math.min(position, edit.baseLength));
  return { file: from.file, anchor: at(from.anchor), head: at(from.head), top: at(from.top) };
}
