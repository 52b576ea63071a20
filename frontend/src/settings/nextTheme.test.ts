import { expect, test } from "vitest";
import { nextTheme, type Theme } from "./nextTheme";

test.each([
  { systemIsDark: false, round: ["system", "dark", "light", "system"] },
  { systemIsDark: true, round: ["system", "light", "dark", "system"] },
] satisfies { systemIsDark: boolean; round: Theme[] }[])(
  "the button goes round all themes and shows a change first (dark system: $systemIsDark)",
  ({ systemIsDark, round: [first, ...rest] }) => {
    let theme = first as Theme;
    for (const next of rest) {
      theme = nextTheme(theme, systemIsDark);
      expect(theme).toBe(next);
    }
  },
);
