/** The width of an indentation step, and whether a step is a tab or blanks. */
import { signal } from "@preact/signals";
import type { FileInfo, Language } from "../link/protocol";
import { settings } from "../settings/settings";

export interface Indent {
  /** Tells whether a step is a tab instead of blanks. */
  tabs: boolean;
  /** The number of columns of a step. */
  width: number;
  /** The distance in columns between tab stops. */
  tabSize: number;
}

/** The room's wishes for a file, taken from its `.editorconfig` files. */
export interface Wanted {
  tabs?: boolean;
  width?: number;
  tabSize?: number | undefined;
  trimTrailingWhitespace?: boolean;
  insertFinalNewline?: boolean;
}

const NARROW =
  /^([jt]sx?|(java|type)script|json(c|-ld)?|html|xml|vue|svelte|css|s[ac]ss|less|yaml)$/;

/** Return a language's usual indentation: two blanks in web and data languages, four elsewhere. */
export function usualIndent(language: Language): Indent {
  const width = NARROW.test(language) ? 2 : 4;
  return { tabs: language === "go" || language === "makefile", width, tabSize: width };
}

/** The indentation of the files of a room. */
export class Indents {
  /** Returns the room's wishes for the file at a path. */
  readonly wanted = signal<(path: string) => Wanted>(() => ({}));

  /**
   * Return the indentation that applies here: the person's choice for the language, else the room's.
   * Reads signals.
   */
  of(file: Pick<FileInfo, "path" | "language">): Indent {
    return ownIndent(file.language) ?? this.ofRoom(file);
  }

  /** Return the indentation for everybody in the room who has not chosen another one. Reads signals. */
  ofRoom({ path, language }: Pick<FileInfo, "path" | "language">): Indent {
    const usual = usualIndent(language);
    const width = settings.tabWidth.value || usual.width;
    const { tabs, width: wanted, tabSize } = this.wanted.value(path);
    return {
      tabs: tabs ?? usual.tabs,
      width: wanted ?? width,
      tabSize: tabSize ?? wanted ?? width,
    };
  }
}

/** Return the person's choice for files of a language. */
function ownIndent(language: Language): Indent | null {
  const chosen = settings.indents.value[language];
  if (chosen === undefined) return null;
  if (chosen !== "tab") return { tabs: false, width: chosen, tabSize: chosen };
  const { width } = usualIndent(language);
  return { tabs: true, width, tabSize: width };
}

/** Return words such as "Spaces: 2". */
export function indentWords({ tabs, width }: Indent): string {
  return `${tabs ? "Tabs" : "Spaces"}: ${width}`;
}
