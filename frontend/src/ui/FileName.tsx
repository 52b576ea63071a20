import type { Language } from "../link/protocol";
import { Badge } from "./Badge";

/** A file as its language's badge and its name. */
export function FileName({ path, language }: { path: string; language: Language }) {
  return (
    <span class="file-name">
      <Badge language={language} />
      {path}
    </span>
  );
}
