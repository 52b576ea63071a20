import { useSignal } from "@preact/signals";
import { Minus, Plus } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../ui/Icon";
import "./assets.css";

interface Props {
  src: string;
  name: string;
  /** The words shown beside the image's size in pixels. */
  about: string;
  aside?: ComponentChildren;
  onFail(): void;
}

const STEPS = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 8, 16];

/** Shows an image and its size, scaled down to the available room or at any other zoom. */
export function Picture({ src, name, about, aside, onFail }: Props) {
  /** The zoom; null shows as much of the image's own size as fits. */
  const zoom = useSignal<number | null>(null);
  const natural = useSignal<{ width: number; height: number } | null>(null);
  const image = useRef<HTMLImageElement>(null);
  const stage = useRef<HTMLElement>(null);
  const scale = () => {
    const width = image.current?.getBoundingClientRect().width ?? 0;
    return zoom.peek() ?? (natural.peek() ? width / (natural.peek()?.width || 1) : 1);
  };
  const step = (by: 1 | -1) => {
    const now = scale();
    const next =
      by > 0 ? STEPS.find((one) => one > now * 1.01) : STEPS.findLast((one) => one < now * 0.99);
    if (next !== undefined) zoom.value = next;
  };
  useEffect(() => {
    const place = stage.current;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      step(event.deltaY < 0 ? 1 : -1);
    };
    // By default the browser would zoom the page. Only a listener that is not passive can prevent that.
    place?.addEventListener("wheel", wheel, { passive: false });
    return () => place?.removeEventListener("wheel", wheel);
  }, []);
  const size = natural.value &&
    zoom.value !== null && {
      width: `${natural.value.width * zoom.value}px`,
      height: `${natural.value.height * zoom.value}px`,
    };
  const words = zoom.value === null ? "Fit" : `${Math.round(zoom.value * 100)} %`;
  return (
    <div class="asset">
      <section
        class="asset-stage"
        ref={stage}
        aria-label={`Image ${name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has keys
        tabIndex={0}
        onKeyDown={({ key, ctrlKey, metaKey }) => {
          if (ctrlKey || metaKey) return;
          if (key === "+" || key === "=") step(1);
          else if (key === "-") step(-1);
          else if (key === "0") zoom.value = null;
        }}
      >
        <img
          ref={image}
          class="asset-image"
          data-fit={zoom.value === null}
          src={src}
          alt={name}
          style={size || {}}
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => {
            natural.value = { width, height };
          }}
          onError={onFail}
        />
      </section>
      <div class="asset-foot">
        <span class="asset-about muted">
          {natural.value && `${natural.value.width} × ${natural.value.height} · `}
          {about}
        </span>
        <button class="icon-button" type="button" aria-label="Smaller" onClick={() => step(-1)}>
          <Icon of={Minus} />
        </button>
        <button
          class="quiet asset-zoom"
          type="button"
          aria-label={`${words}, original size`}
          aria-pressed={zoom.value === 1}
          onClick={() => {
            zoom.value = zoom.value === 1 ? null : 1;
          }}
        >
          {words}
        </button>
        <button class="icon-button" type="button" aria-label="Larger" onClick={() => step(1)}>
          <Icon of={Plus} />
        </button>
        {aside}
      </div>
    </div>
  );
}
