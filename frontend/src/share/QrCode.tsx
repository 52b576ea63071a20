import { useLoaded } from "../ui/useLoaded";

interface Props {
  text: string;
  label: string;
}

/** A text for the camera of a phone: always dark on light, as cameras expect it. */
export function QrCode({ text, label }: Props) {
  // Without a network now it stays empty: the link stands beside it.
  const qr = useLoaded(
    async () => (await import("./qr")).qr,
    () => {},
  );
  const { size, path } = qr?.(text) ?? { size: 1, path: "" };
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`}>
      <path d={path} shape-rendering="crispEdges" />
    </svg>
  );
}
