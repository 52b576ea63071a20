import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

interface Props {
  text: string;
  label: string;
}

/** A text for the camera of a phone: always dark on light, as cameras expect it. */
export function QrCode({ text, label }: Props) {
  const drawing = useSignal<{ size: number; path: string } | null>(null);
  useEffect(() => {
    let wanted = true;
    import("qr").then(
      ({ encodeQR }) => {
        if (wanted) drawing.value = drawn(encodeQR(text, "raw", { border: 2 }));
      },
      () => {
        // Without a network now: the link stands beside it.
      },
    );
    return () => {
      wanted = false;
    };
  }, [text, drawing]);

  const { size, path } = drawing.value ?? { size: 1, path: "" };
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`}>
      <path d={path} shape-rendering="crispEdges" />
    </svg>
  );
}

/** One path of all dark squares, a stroke for each run of them. */
function drawn(rows: boolean[][]): { size: number; path: string } {
  const path = rows.flatMap((row, y) =>
    row.flatMap((dark, x) => {
      if (!dark || row[x - 1]) return [];
      const end = row.indexOf(false, x);
      const width = (end < 0 ? row.length : end) - x;
      return [`M${x} ${y}h${width}v1h-${width}z`];
    }),
  );
  return { size: rows.length, path: path.join("") };
}
