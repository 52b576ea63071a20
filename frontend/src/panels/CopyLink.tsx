import { useSignal } from "@preact/signals";
import { Check, Link } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { copyText } from "../ui/copy";
import { Icon } from "../ui/Icon";

const CONFIRMED_MS = 2500;

interface Props {
  /** The browser let nothing be copied: show the link for a person to copy. */
  onRefused(): void;
  /** Stands out, and has the focus in a dialog. */
  primary?: boolean;
}

/** Copies the address of this room, and says so. */
export function CopyLink({ onRefused, primary = false }: Props) {
  const copied = useSignal(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = async () => {
    copied.value = await copyText(roomLink());
    if (!copied.value) return onRefused();
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      copied.value = false;
    }, CONFIRMED_MS);
  };
  return (
    <>
      <button
        class={`button copy-link ${primary ? "primary" : ""}`}
        type="button"
        data-first={primary || undefined}
        onClick={copy}
      >
        <Icon of={copied.value ? Check : Link} />
        <span class={primary ? "" : "hidden-on-phone"}>
          {copied.value ? "Copied" : "Copy link"}
        </span>
      </button>
      <span class="hidden" role="status">
        {copied.value ? "Link copied" : ""}
      </span>
    </>
  );
}

/** The address to hand out: this room's, without anything after it. */
export function roomLink(): string {
  return location.origin + location.pathname;
}
