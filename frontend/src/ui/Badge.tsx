import type { Language } from "../link/protocol";
import { badgeOf } from "./languages";

/** A badge of a few letters for a file's language. The name of the file stands beside it. */
export function Badge({ language }: { language: Language }) {
  return (
    <span class={`badge badge-${language}`} aria-hidden="true">
      {badgeOf(language)}
    </span>
  );
}
