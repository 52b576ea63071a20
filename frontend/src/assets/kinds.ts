/** Tells from an asset's name how to show it and how to describe it in words. */

export interface AssetKind {
  shown: "image" | "audio" | "video" | "nothing";
  /** The kind in words, such as "PNG image". */
  words: string;
}

const KINDS: Readonly<Record<Exclude<AssetKind["shown"], "nothing">, string>> = {
  image: "png jpg jpeg jfif gif webp avif bmp ico",
  audio: "mp3 wav ogg oga opus flac m4a",
  video: "mp4 m4v webm ogv",
};
/** Words for assets that browsers cannot show. */
const OTHERS = new Map([
  ["pdf", "PDF document"],
  ["zip", "Zip archive"],
  ["gz", "Gzip archive"],
  ["tar", "Tar archive"],
  ["7z", "7-Zip archive"],
  ["woff", "Web font"],
  ["woff2", "Web font"],
  ["ttf", "Font"],
  ["otf", "Font"],
  ["wasm", "WebAssembly program"],
  ["sqlite", "SQLite database"],
  ["db", "Database"],
  ["xlsx", "Spreadsheet"],
  ["docx", "Document"],
  ["pptx", "Presentation"],
]);

export function kindOf(name: string): AssetKind {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  for (const shown of ["image", "audio", "video"] as const) {
    if (KINDS[shown].split(" ").includes(ending)) {
      return { shown, words: `${ending.replace("jpg", "jpeg").toUpperCase()} ${shown}` };
    }
  }
  const words = OTHERS.get(ending) ?? (ending ? `${ending.toUpperCase()} file` : "Binary file");
  return { shown: "nothing", words };
}

/** Format a size: "12 bytes", "3.4 KB", "25 MB". */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  const unit = bytes < 999_500 ? 1000 : 1_000_000;
  const size = bytes / unit;
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${unit === 1000 ? "KB" : "MB"}`;
}
