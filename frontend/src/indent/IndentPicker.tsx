import { IndentIncrease } from "lucide";
import type { WindowProps } from "../feature";
import { OWN_INDENTS, settings } from "../settings/settings";
import { Icon } from "../ui/Icon";
import { languageName } from "../ui/languages";
import { Picker } from "../ui/Picker";
import { indentWords } from "./indent";

/** The id of the choice to follow the room. */
const AS_ROOM = "room";

/** Lets the person choose the indentation of files of a language, for themselves. */
export function IndentPicker({ room: { session }, query, onClose }: WindowProps) {
  const file = session.activeFile.value;
  const language = file?.language ?? "";
  const choices = [
    {
      id: AS_ROOM,
      title: `${file ? indentWords(session.indents.ofRoom(file)) : ""} (as the room has it)`,
    },
    ...OWN_INDENTS.map((one) => ({
      id: String(one),
      title: one === "tab" ? "Tabs" : `Spaces: ${one}`,
    })),
  ];
  return (
    <Picker
      label="Indentation"
      placeholder={`For me, in all files of ${languageName(language)}`}
      query={query}
      none="There is no such choice."
      choices={(written) =>
        choices
          .filter(({ title }) => title.toLowerCase().includes(written.trim().toLowerCase()))
          .map((choice) => ({ ...choice, letters: [], icon: <Icon of={IndentIncrease} /> }))
      }
      onChoose={(id) => {
        const { [language]: _, ...others } = settings.indents.peek();
        const chosen = OWN_INDENTS.find((one) => String(one) === id);
        settings.indents.value = chosen === undefined ? others : { ...others, [language]: chosen };
      }}
      onClose={onClose}
    />
  );
}
