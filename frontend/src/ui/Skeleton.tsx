const WIDTHS = [34, 46, 0, 28, 52, 40, 61, 0, 38, 55, 24];

/** Grey lines that stand in for a text that is still loading. */
export function Skeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      {WIDTHS.map((width, index) => (
        <span key={index} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
