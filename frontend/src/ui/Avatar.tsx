import type { Doing } from "../people/people";
import { initials } from "./names";

interface Props {
  name: string;
  /** 0..7, an index into the people colours. */
  colour: number;
  /** A person who is idle or unknown is drawn as an outline; a person who types has a dot. */
  doing?: Doing;
}

/** A person as a disc of their colour with their initials. The name stands beside it or on its button. */
export function Avatar({ name, colour, doing = "here" }: Props) {
  const style = { "--person": `var(--person-${colour})` };
  return (
    <span class="avatar" data-doing={doing} aria-hidden="true" style={style}>
      {initials(name)}
    </span>
  );
}
