import type { IconNode } from "lucide";
import { h } from "preact";

interface Props {
  of: IconNode;
  /** Width and height in CSS pixels. */
  size?: number;
}

/** A line icon. It stands beside words or in a button with a name, so screen readers skip it. */
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
