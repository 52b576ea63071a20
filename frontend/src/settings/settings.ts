/**
 * A person's settings, kept on this device and the same in all its tabs. One schema defines the values of
 * each setting. Stored values are checked, so that wrong ones cannot break the page.
 */
import { batch, effect, type Signal, signal } from "@preact/signals";
import { recall, remember } from "../storage";

export const KEY = "collab.settings";

export const THEMES = ["system", "light", "dark", "contrast"] as const;
export const KEYMAPS = ["default", "vim", "emacs"] as const;
/** 0 means the width that is usual for the language. */
export const TAB_WIDTHS = [0, 2, 4, 8] as const;
/** The indentation that a person may choose for the files of a language: so many blanks, or a tab. */
export const OWN_INDENTS = [2, 4, 8, "tab"] as const;
/** Other people's carets: always with names, with names on activity, or not shown. */
export const CARETS = ["always", "activity", "never"] as const;
/** In px. */
export const FONT_SIZES = { least: 10, usual: 13, most: 28 };
/** The tokens whose colours a person may choose, in each theme. */
export const CODE_TOKENS = ["keyword", "string", "number", "function", "type", "comment"] as const;

/** A theme as it looks. "system" stands for one of these. */
export type Appearance = Exclude<(typeof THEMES)[number], "system">;
export type CodeToken = (typeof CODE_TOKENS)[number];
/** "#rrggbb" for each token whose colour is not the theme's own. */
export type Colours = Partial<Record<CodeToken, string>>;

/** By language. */
export type OwnIndents = Readonly<Record<string, (typeof OWN_INDENTS)[number]>>;

/** Turns any stored value into a valid one: itself if it is valid, else the usual one. */
type Reader<T> = (kept: unknown) => T;

const SCHEMA = {
  theme: oneOf(THEMES, "system"),
  colours: coloursByTheme,
  fontSize: whole(FONT_SIZES),
  tabWidth: oneOf(TAB_WIDTHS, 0),
  indents,
  wrap: yesOrNo(false),
  lineNumbers: yesOrNo(true),
  keymap: oneOf(KEYMAPS, "default"),
  suggestions: yesOrNo(true),
  /** Tells whether screen readers read suggestions aloud. */
  spoken: yesOrNo(true),
  carets: oneOf(CARETS, "activity"),
} satisfies Record<string, Reader<unknown>>;

export type Values = { [Name in keyof typeof SCHEMA]: ReturnType<(typeof SCHEMA)[Name]> };
export type Settings = { readonly [Name in keyof Values]: Signal<Values[Name]> };

/** All settings, from the stored text. */
export function parse(kept: string | null): Values {
  const raw = record(json(kept));
  const entries = Object.entries(SCHEMA).map(([name, read]) => [name, read(raw[name])]);
  return Object.fromEntries(entries) as Values;
}

/** The text to store. It has only unusual values, so that a changed default reaches everybody else. */
export function written(values: Values): string | null {
  const usual = parse(null);
  const chosen = Object.entries(values).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name as keyof Values]),
  );
  return chosen.length > 0 ? JSON.stringify(Object.fromEntries(chosen)) : null;
}

export const settings: Settings = load();

/** Reset all settings. Returns a function that undoes this. */
export function resetSettings(): () => void {
  const before = current();
  take(parse(null));
  return () => take(before);
}

/** Tell whether all settings have their usual values. Reads signals. */
export function isUsual(): boolean {
  return written(current()) === null;
}

function current(): Values {
  const entries = Object.entries(settings).map(([name, { value }]) => [name, value]);
  return Object.fromEntries(entries) as Values;
}

function load(): Settings {
  const entries = Object.entries(parse(recall(KEY))).map(([name, value]) => [name, signal(value)]);
  return Object.fromEntries(entries) as unknown as Settings;
}

function take(values: Values): void {
  batch(() => {
    for (const [name, value] of Object.entries(values)) {
      const setting = settings[name as keyof Values] as Signal<unknown>;
      // An equal but different object would look like a change to a signal.
      if (JSON.stringify(setting.peek()) !== JSON.stringify(value)) setting.value = value;
    }
  });
}

/** Store the settings chosen here, and take those chosen in other tabs. Call this once. */
export function keepSettings(): void {
  let first = true;
  effect(() => {
    const values = current();
    if (!first) remember(KEY, written(values));
    first = false;
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (key === KEY || key === null) take(parse(newValue));
  });
}

function oneOf<T>(all: readonly T[], usual: NoInfer<T>): Reader<T> {
  return (kept) => all.find((one) => one === kept) ?? usual;
}

function yesOrNo(usual: boolean): Reader<boolean> {
  return (kept) => (typeof kept === "boolean" ? kept : usual);
}

function whole({ least, usual, most }: typeof FONT_SIZES): Reader<number> {
  return (kept) =>
    typeof kept === "number" && Number.isInteger(kept) && least <= kept && kept <= most
      ? kept
      : usual;
}

function indents(kept: unknown): OwnIndents {
  const valid = Object.entries(record(kept)).filter(([, one]) =>
    OWN_INDENTS.some((other) => other === one),
  );
  return Object.fromEntries(valid) as OwnIndents;
}

function coloursByTheme(kept: unknown): Record<Appearance, Colours> {
  const raw = record(kept);
  const of = (theme: Appearance): Colours => {
    const chosen = CODE_TOKENS.map((token) => [token, record(raw[theme])[token]] as const);
    return Object.fromEntries(
      chosen.filter(([, colour]) => typeof colour === "string" && /^#[0-9a-f]{6}$/.test(colour)),
    );
  };
  return { light: of("light"), dark: of("dark"), contrast: of("contrast") };
}

function json(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
