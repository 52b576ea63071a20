import { useSignal } from "@preact/signals";
import { Check, Copy } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { copyText } from "../ui/copy";
import { Icon } from "../ui/Icon";

const CONFIRMED_MS = 2500;

interface Props {
  link: string;
  /** The browser refused to copy, so show the link for the person to copy. */
  onRefused(): void;
}

/** The button that copies the link to this room, and says so. It has the focus when its dialog opens. */
export function CopyLink({ link, onRefused }: Props) {
  const copied = useSignal(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = async () => {
    copied.value = await copyText(link);
    if (!copied.value) return onRefused();
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      copied.value = false;
    }, CONFIRMED_MS);
  };
  return (
    <>
      <button class="button copy-link primary" type="button" data-first onClick={copy}>
        <Icon of={copied.value ? Check : Copy} />
        {copied.value ? "Copied" : "Copy link"}
      </button>
      <span class="hidden" role="status">
        {copied.value ? "Link copied" : ""}
      </span>
    </>
  );
}
