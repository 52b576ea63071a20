import { settings, TAB_WIDTHS } from "../settings";

/** How far Tab goes, to be chosen here too. */
export function TabWidth() {
  return (
    <span class="picker wide-only">
      <select
        class="quiet"
        aria-label="Tab width"
        value={settings.tabWidth.value}
        onChange={({ currentTarget }) => {
          const width = TAB_WIDTHS.find((one) => String(one) === currentTarget.value);
          if (width) settings.tabWidth.value = width;
        }}
      >
        {TAB_WIDTHS.map((width) => (
          <option key={width} value={width}>
            Spaces: {width}
          </option>
        ))}
      </select>
    </span>
  );
}
