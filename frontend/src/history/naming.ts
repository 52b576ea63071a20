/** Counts the wishes to name a version, so that the field for it takes the focus at each. */
import { signal } from "@preact/signals";

export const naming = signal(0);
