/** Light, dark, or as the system has it. public/theme.js does the same before the first paint. */
import { computed, effect, signal } from "@preact/signals";
import { recall, remember } from "./storage";
import { nextTheme, type Theme } from "./ui/nextTheme";

const KEY = "collab.theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(system.matches);
const theme = signal<Theme>(parse(recall(KEY)));

export const dark = computed(() =>
  theme.value === "system" ? systemDark.value : theme.value === "dark",
);
export const upcoming = computed(() => nextTheme(theme.value, systemDark.value));

export function switchTheme(): void {
  theme.value = upcoming.value;
  remember(KEY, theme.value === "system" ? null : theme.value);
}

function parse(kept: string | null): Theme {
  return kept === "light" || kept === "dark" ? kept : "system";
}

system.addEventListener("change", (event) => {
  systemDark.value = event.matches;
});

addEventListener("storage", (event) => {
  if (event.key === KEY) theme.value = parse(event.newValue);
});

effect(() => {
  const root = document.documentElement;
  root.dataset.theme = dark.value ? "dark" : "light";
  const chrome = getComputedStyle(root).getPropertyValue("--chrome");
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", chrome);
});
