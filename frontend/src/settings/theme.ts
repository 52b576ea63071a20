/** Puts the theme on the page. public/first.js does the same before the first paint. */
import { computed, effect, signal } from "@preact/signals";
import { nextTheme } from "./nextTheme";
import { type Appearance, settings } from "./settings";

const system = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(system.matches);

export const appearance = computed<Appearance>(() => {
  const theme = settings.theme.value;
  if (theme !== "system") return theme;
  return systemDark.value ? "dark" : "light";
});
export const dark = computed(() => appearance.value !== "light");
export const upcoming = computed(() => nextTheme(settings.theme.value, systemDark.value));

export function switchTheme(): void {
  settings.theme.value = upcoming.value;
}

system.addEventListener("change", (event) => {
  systemDark.value = event.matches;
});

effect(() => {
  const root = document.documentElement;
  root.dataset.theme = appearance.value;
  const chrome = getComputedStyle(root).getPropertyValue("--chrome");
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", chrome);
});
