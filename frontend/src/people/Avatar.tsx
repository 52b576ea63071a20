import { initials } from "../ui/names";
import type { Doing } from "./people";

interface Props {
  name: string;
  /** 0..7, an index into the people colours. */
  colour: number;
  /** Who is idle, or of whom nothing is known, is drawn as an outline; who types has a dot. */
  doing?: Doing;
}

/** A person as a round of their colour with their initials; the name is said beside it or by its button. */
export function Avatar({ name, colour, doing = "here" }: Props) {
  const style = { "--person": `var(--person-${colour})` };
  return (
    <span class="avatar" data-doing={doing} aria-hidden="true" style={style}>
      {initials(name)}
    </span>
  );
}
