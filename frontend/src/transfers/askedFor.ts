/**
 * Remembers the repository that a person asked for on the start page, until the new room fetches it.
 * Only this tab keeps it, so that no link can make a page fetch anything.
 */
const key = (room: string) => `collab.git.${room}`;

export const askedFor = {
  set(room: string, url: string): void {
    sessionStorage.setItem(key(room), url);
  },
  /** Return the repository and forget it; null when none was asked for. */
  take(room: string): string | null {
    const url = sessionStorage.getItem(key(room));
    sessionStorage.removeItem(key(room));
    return url;
  },
};
