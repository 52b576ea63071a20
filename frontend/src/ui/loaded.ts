/** Load a part of the page and `use` it. Calls `fail` if it could not be fetched. */
export function loaded<T>(load: () => Promise<T>, use: (part: T) => void, fail: () => void): void {
  load().then(use, fail);
}
