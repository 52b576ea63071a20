import type { RoomContext } from "../feature";
import { usualIndent } from "../ui/indent";
import { settings, TAB_WIDTHS } from "./settings";

/** Shows the width of a tab in the status bar, where it can also be chosen. */
export function TabWidth({ room }: { room: RoomContext }) {
  const language = room.session.activeFile.value?.language;
  if (!language) return null;
  return (
    <span class="picker wide-only">
      <select
        class="quiet"
        aria-label="Tab width"
        value={settings.tabWidth.value}
        onChange={({ currentTarget }) => {
          const width = TAB_WIDTHS.find((one) => String(one) === currentTarget.value);
          if (width !== undefined) settings.tabWidth.value = width;
        }}
      >
        {TAB_WIDTHS.map((width) => (
          <option key={width} value={width}>
            {width === 0 ? `Spaces: ${usualIndent(language)} (usual)` : `Spaces: ${width}`}
          </option>
        ))}
      </select>
    </span>
  );
}
