/** Times in words. */

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000_000],
  ["month", 2_592_000_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** "3 hours ago", "in 2 days", "just now". */
export function when(time: number, now = Date.now()): string {
  const away = time - now;
  for (const [unit, length] of UNITS) {
    if (Math.abs(away) >= length) return relative.format(Math.trunc(away / length), unit);
  }
  return "just now";
}
