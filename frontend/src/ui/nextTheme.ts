export type Theme = "light" | "dark" | "system";

/** One button, three choices: the other theme, back again, then as the system has it. So a first click shows. */
export function nextTheme(current: Theme, systemIsDark: boolean): Theme {
  const likeSystem = systemIsDark ? "dark" : "light";
  const other = systemIsDark ? "light" : "dark";
  if (current === "system") return other;
  return current === other ? likeSystem : "system";
}
