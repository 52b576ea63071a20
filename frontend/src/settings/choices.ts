/** The settings in words: one table for the dialog and for the palette. */
import type { Action } from "../actions";
import { FONT_SIZES, type Settings, settings, type Values } from "./settings";

export interface Choice {
  name: keyof Values;
  label: string;
  options: readonly { label: string; chosen(): boolean; choose(): void }[];
}

export const CHOICES: readonly Choice[] = [
  choice("theme", "Theme", [
    ["system", "System"],
    ["light", "Light"],
    ["dark", "Dark"],
    ["contrast", "High contrast"],
  ]),
  choice("keymap", "Key bindings", [
    ["default", "Default"],
    ["vim", "Vim"],
    ["emacs", "Emacs"],
  ]),
  choice("tabWidth", "Tab width", [
    [0, "By file"],
    [2, "2"],
    [4, "4"],
    [8, "8"],
  ]),
  choice("wrap", "Wrap long lines", onOrOff()),
  choice("lineNumbers", "Line numbers", onOrOff()),
  choice("carets", "Carets of others", [
    ["always", "With names"],
    ["activity", "Names on activity"],
    ["never", "Hidden"],
  ]),
  choice("suggestions", "Suggestions", onOrOff()),
  choice("spoken", "Read suggestions aloud", onOrOff()),
];

/** Each option of each setting as an action. */
export function settingActions(): Action[] {
  return [
    ...CHOICES.flatMap(({ name, label, options }) =>
      options.map(
        ({ label: option, chosen, choose }): Action => ({
          id: `view.${name}.${option}`,
          title: `${label}: ${option.toLowerCase()}`,
          section: "View",
          words: "settings",
          checked: chosen,
          run: choose,
        }),
      ),
    ),
    sizeAction("larger", 1, FONT_SIZES.most),
    sizeAction("smaller", -1, FONT_SIZES.least),
  ];
}

function sizeAction(word: string, step: number, limit: number): Action {
  return {
    id: `view.text.${word}`,
    title: `Font size: ${word}`,
    section: "View",
    words: "text zoom settings",
    enabled: () => settings.fontSize.value !== limit,
    run: () => {
      settings.fontSize.value += step;
    },
  };
}

function choice<Name extends keyof Values>(
  name: Name,
  label: string,
  options: readonly (readonly [Values[Name], string])[],
): Choice {
  const setting: Settings[Name] = settings[name];
  return {
    name,
    label,
    options: options.map(([value, label]) => ({
      label,
      chosen: () => setting.value === value,
      choose: () => {
        setting.value = value;
      },
    })),
  };
}

function onOrOff(): [boolean, string][] {
  return [
    [true, "On"],
    [false, "Off"],
  ];
}
