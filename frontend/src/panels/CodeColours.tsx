import { type Appearance, CODE_TOKENS, type CodeToken, settings } from "../settings";
import { appearance } from "../theme";
import { contrast, parseColour } from "../ui/contrast";

const THEME_NAMES: Record<Appearance, string> = {
  light: "light theme",
  dark: "dark theme",
  contrast: "high contrast theme",
};
const NAMES: Record<CodeToken, string> = {
  keyword: "Keywords",
  string: "Strings",
  number: "Numbers",
  function: "Functions",
  type: "Types",
  comment: "Comments",
};

/** The colours of the code in the theme on the screen, each a person's own or the theme's. */
export function CodeColours() {
  const theme = appearance.value;
  const own = settings.colours.value[theme];
  const choose = (token: CodeToken, colour: string) => {
    settings.colours.value = { ...settings.colours.value, [theme]: { ...own, [token]: colour } };
  };
  const reset = () => {
    settings.colours.value = { ...settings.colours.value, [theme]: {} };
  };
  const faint = CODE_TOKENS.filter((token) => tooFaint(own[token], theme));
  return (
    <fieldset class="code-colours">
      <legend>Colours of code in the {THEME_NAMES[theme]}</legend>
      <div class="colours">
        {CODE_TOKENS.map((token) => (
          <label key={token} class="colour">
            <input
              type="color"
              value={own[token] ?? themeColour(token)}
              onInput={(event) => choose(token, event.currentTarget.value)}
            />
            <span style={{ color: own[token] ?? `var(--${token})` }}>{NAMES[token]}</span>
          </label>
        ))}
      </div>
      <p class="problem" role="status">
        {faint.length > 0 &&
          `Hard to read here: ${faint.map((token) => NAMES[token].toLowerCase()).join(", ")}.`}
      </p>
      <button
        class="button small"
        type="button"
        aria-disabled={Object.keys(own).length === 0}
        onClick={reset}
      >
        Use the theme’s colours
      </button>
    </fieldset>
  );
}

/** Whether a colour of one's own is seen less well than the theme promises of its own. */
function tooFaint(colour: string | undefined, theme: Appearance): boolean {
  if (!colour) return false;
  const least = theme === "contrast" ? 7 : 4.5;
  return contrast(parseColour(colour), parseColour(themeColour("surface"))) < least;
}

/** A token of the theme that is on the page. */
function themeColour(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
}
