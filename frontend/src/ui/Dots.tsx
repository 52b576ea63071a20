interface Props {
  people: readonly { person: string; name: string; colour: number }[];
}

/** More people than these are too many dots. */
const MOST = 3;

/** People as dots of their colours: who is in a file. */
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
