import { initials } from "../identity";

interface Props {
  name: string;
  /** 0..7, an index into the people colours. */
  colour: number;
}

/** A person as a round of their colour with their initials; the name is said beside it or by its button. */
export function Avatar({ name, colour }: Props) {
  return (
    <span class="avatar" aria-hidden="true" style={{ background: `var(--person-${colour})` }}>
      {initials(name)}
    </span>
  );
}
