export type Theme = "light" | "dark" | "contrast" | "system";

/**
 * The theme after a click on the theme switch: the other theme, then back, then the system's. So the first
 * click has a visible effect. High contrast is chosen in the settings; a click leaves it for the system's theme.
 */
export function nextTheme(current: Theme, systemIsDark: boolean): Exclude<Theme, "contrast"> {
  const likeSystem = systemIsDark ? "dark" : "light";
  const other = systemIsDark ? "light" : "dark";
  if (current === "contrast") return "system";
  if (current === "system") return other;
  return current === other ? likeSystem : "system";
}
