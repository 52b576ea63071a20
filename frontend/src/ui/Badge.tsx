import type { Language } from "../link/protocol";
import { languageInfo } from "./languages";

/** A file's language in two or three letters; its name stands beside it. */
export function Badge({ language }: { language: Language }) {
  return (
    <span class={`badge badge-${language}`} aria-hidden="true">
      {languageInfo(language).badge}
    </span>
  );
}
