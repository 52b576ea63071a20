import type { KnownLanguage } from "../ui/languages";
import { LANGUAGE_IDS, LANGUAGES } from "../ui/languages";

interface Props {
  language: KnownLanguage;
  onChange(language: KnownLanguage): void;
}

/** The language that a new room starts with. */
export function LanguageChoice({ language, onChange }: Props) {
  return (
    <fieldset class="choices">
      <legend class="hidden">Language</legend>
      {LANGUAGE_IDS.map((id) => (
        <label key={id} class="choice">
          <input
            class="hidden"
            type="radio"
            name="language"
            value={id}
            checked={id === language}
            onChange={() => onChange(id)}
          />
          {LANGUAGES[id].name}
        </label>
      ))}
    </fieldset>
  );
}
