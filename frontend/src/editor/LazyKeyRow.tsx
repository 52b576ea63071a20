import { useLoaded } from "../ui/useLoaded";
import type { Props } from "./KeyRow";

/** `KeyRow`, on the screens that need it. Without a network now one types without it. */
export function LazyKeyRow(props: Props) {
  const Row = useLoaded(
    async () => (await import("./KeyRow")).KeyRow,
    () => {},
  );
  return Row && <Row {...props} />;
}
