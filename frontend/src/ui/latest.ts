/**
 * Make a function that reads one thing again and again. Only the answer that was asked for last is taken,
 * because one that was asked for earlier may come later and is older.
 */
export function latest(): <T>(asked: Promise<T>, take: (answer: T) => void) => Promise<void> {
  let last: Promise<unknown> | null = null;
  return async (asked, take) => {
    last = asked;
    const answer = await asked;
    if (last === asked) take(answer);
  };
}
