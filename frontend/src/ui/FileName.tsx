import type { Language } from "../session";
import { languageInfo } from "./languages";

/** A file as its language's badge and its name. */
export function FileName({ path, language }: { path: string; language: Language }) {
  return (
    <span class="file-name">
      <span class={`badge badge-${language}`} aria-hidden="true">
        {languageInfo(language).badge}
      </span>
      {path}
    </span>
  );
}
