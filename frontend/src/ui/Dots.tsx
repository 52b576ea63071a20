interface Props {
  people: readonly { person: string; name: string; colour: number }[];
}

/** The most people that are drawn as a dot each. */
const MOST = 3;

/** Draws the people in a file as dots in their colours. */
export function Dots({ people }: Props) {
  if (people.length === 0) return null;
  const names = people.map(({ name }) => name).join(", ");
  return (
    <span class="dots" title={names}>
      {people.slice(0, MOST).map(({ person, colour }) => (
        <span key={person} class="dot" style={{ color: `var(--person-${colour})` }} />
      ))}
      <span class="hidden">, {names} here</span>
    </span>
  );
}
