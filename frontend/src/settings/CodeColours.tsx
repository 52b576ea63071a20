import { useSignal } from "@preact/signals";
import { contrast, parseColour } from "../ui/contrast";
import { type Appearance, CODE_TOKENS, type CodeToken, type Colours, settings } from "./settings";
import { appearance } from "./theme";

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

/** Chooses the colours of code in the current theme. Each is the person's own or the theme's. */
export function CodeColours() {
  const theme = appearance.value;
  const own = settings.colours.value[theme];
  const choose = (token: CodeToken, colour: string) => {
    settings.colours.value = { ...settings.colours.value, [theme]: { ...own, [token]: colour } };
  };
  /** The person's own colours before they were reset, by theme. */
  const before = useSignal<Partial<Record<Appearance, Colours>>>({});
  const none = Object.keys(own).length === 0;
  const back = none ? before.value[theme] : undefined;
  const put = (colours: Colours) => {
    before.value = { ...before.value, [theme]: own };
    settings.colours.value = { ...settings.colours.value, [theme]: colours };
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
            {/* An illegible colour is only shown beside the name. */}
            <span style={faint.includes(token) ? {} : { color: own[token] ?? `var(--${token})` }}>
              {NAMES[token]}
            </span>
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
        aria-disabled={none && !back}
        onClick={() => (back || !none) && put(back ?? {})}
      >
        {back ? "Use my colours again" : "Use the theme’s colours"}
      </button>
    </fieldset>
  );
}

/** Tell whether a person's own colour has less contrast than the theme promises for its own colours. */
function tooFaint(colour: string | undefined, theme: Appearance): boolean {
  if (!colour) return false;
  const least = theme === "contrast" ? 7 : 4.5;
  return contrast(parseColour(colour), parseColour(themeColour("surface"))) < least;
}

/** The colour of a token in the current theme. */
function themeColour(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
}
