import type { WindowProps } from "../feature";
import { score } from "../palette/ranking";
import { languageOf } from "../room/languages";
import { Badge } from "../ui/Badge";
import { languageName } from "../ui/languages";
import { Picker } from "../ui/Picker";
import { ALL } from "./grammars";

/** The id of the choice that lets the file's name decide the language. */
const BY_NAME = "";

/** Lets the person choose the language of the shown file by a few letters of the language's name. */
export function LanguagePicker({ room, query, onClose }: WindowProps) {
  const { session } = room;
  const file = session.activeFile.value;
  const name = file?.path.replace(/^.*\//, "") ?? "";
  const byName = languageOf(name);
  const others = ALL.filter((id) => id !== byName)
    .map((id) => ({ id, language: id, title: languageName(id) }))
    .sort((one, other) => one.title.localeCompare(other.title));
  const first = { id: BY_NAME, language: byName, title: `${languageName(byName)} (by name)` };
  return (
    <Picker
      label="Language"
      placeholder={`The language of ${name}`}
      query={query}
      none="No language is called that."
      choices={(written) =>
        found([first, ...others], written).map(({ id, language, title, letters }) => ({
          id,
          title,
          letters,
          icon: <Badge language={language} />,
        }))
      }
      onChoose={(language) => {
        if (!file) return;
        session.submit({ kind: "language", file: file.id, language: language || null });
      }}
      onClose={onClose}
    />
  );
}

interface Choice {
  id: string;
  language: string;
  title: string;
}

/** Return the choices with these letters, best first; all choices when there are no letters. */
function found(choices: readonly Choice[], written: string) {
  const wanted = written.toLowerCase().replace(/\s+/g, "");
  if (wanted === "") return choices.map((choice) => ({ ...choice, letters: [] }));
  return choices
    .flatMap((choice) => {
      const match = score(wanted, choice.title) ?? score(wanted, choice.language);
      if (!match) return [];
      const letters = score(wanted, choice.title)?.letters ?? [];
      return [{ ...choice, letters, points: match.points }];
    })
    .sort((one, other) => other.points - one.points);
}
