/**
 * Make a function that reads one thing again and again. No answer takes the place of one that was asked for later.
 *
 * What it returns resolves when that answer or a newer one is taken. So whoever asked finds something there.
 */
export function latest(): <T>(asked: Promise<T>, take: (answer: T) => void) => Promise<void> {
  let count = 0;
  let taken = 0;
  return async (asked, take) => {
    const number = ++count;
    const answer = await asked;
    if (number < taken) return;
    taken = number;
    take(answer);
  };
}
