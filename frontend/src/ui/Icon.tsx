import type { IconNode } from "lucide";
import { h } from "preact";

interface Props {
  of: IconNode;
  /** CSS pixels. */
  size?: number;
}

/** A line icon beside words or in a named button, so it is silent itself. */
export function Icon({ of, size = 16 }: Props) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      {of.map(([tag, attributes], index) => h(tag, { ...attributes, key: index }))}
    </svg>
  );
}
