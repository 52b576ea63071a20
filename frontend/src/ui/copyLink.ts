import { copyText } from "./copy";

type Say = (kind: "info" | "warn", words: string) => void;

/** Put a link on the clipboard, and tell the person. */
export async function copyLink(say: Say, link: string): Promise<void> {
  if (await copyText(link)) say("info", "The link is copied.");
  else say("warn", `The link could not be copied: ${link}`);
}
