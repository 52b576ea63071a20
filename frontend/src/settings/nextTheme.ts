export type Theme = "light" | "dark" | "contrast" | "system";

/**
 * One button, three choices: the other theme, back again, then as the system has it. So a first click
 * shows. High contrast is chosen in the settings, and left for the system's theme.
 */
export function nextTheme(current: Theme, systemIsDark: boolean): Exclude<Theme, "contrast"> {
  const likeSystem = systemIsDark ? "dark" : "light";
  const other = systemIsDark ? "light" : "dark";
  if (current === "contrast") return "system";
  if (current === "system") return other;
  return current === other ? likeSystem : "system";
}
