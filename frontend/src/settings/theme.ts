/** Puts the theme on the page. public/first.js does the same before the first paint. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { nextTheme } from "./nextTheme";
import { type Appearance, settings } from "./settings";

/** Follow what the system says. */
function followed(query: string): ReadonlySignal<boolean> {
  const media = matchMedia(query);
  const matches = signal(media.matches);
  media.addEventListener("change", () => {
    matches.value = media.matches;
  });
  return matches;
}

const systemDark = followed("(prefers-color-scheme: dark)");
const moreContrast = followed("(prefers-contrast: more)");

export const appearance = computed<Appearance>(() => {
  const theme = settings.theme.value;
  if (theme !== "system") return theme;
  if (!systemDark.value) return "light";
  return moreContrast.value ? "contrast" : "dark"; // high contrast is a dark theme
});
export const dark = computed(() => appearance.value !== "light");
export const upcoming = computed(() => nextTheme(settings.theme.value, systemDark.value));

export function switchTheme(): void {
  settings.theme.value = upcoming.value;
}

effect(() => {
  const root = document.documentElement;
  root.dataset.theme = appearance.value;
  const chrome = getComputedStyle(root).getPropertyValue("--chrome");
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", chrome);
});
