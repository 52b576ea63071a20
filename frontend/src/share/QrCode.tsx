import { useLoaded } from "../ui/useLoaded";

interface Props {
  text: string;
  label: string;
}

/** A QR code of a text. It is always dark on light, as cameras expect. */
export function QrCode({ text, label }: Props) {
  // Without a network it stays empty; the link stands beside it.
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
