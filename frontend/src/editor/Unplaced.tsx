import type { Unplaced as Texts } from "../work/opening";

/**
 * Shows the last texts of this device, and the person's own changes that only the server can merge into
 * them. The person can only read them.
 */
export function Unplaced({ texts, waiting }: Texts) {
  return (
    <div class="unplaced">
      <p class="banner" role="status">
        Without a connection this is the last text that this device knows. What you wrote since is
        kept, and comes into its place once you are connected.
      </p>
      {waiting && (
        <section aria-label="Your text that waits">
          <h2 class="label">Yours, waiting</h2>
          <pre>{waiting}</pre>
        </section>
      )}
      {texts.files
        .filter(({ text }) => text !== undefined)
        .map(({ id, name, text }) => (
          <section key={id} aria-label={name}>
            <h2>{name}</h2>
            <pre>{text}</pre>
          </section>
        ))}
    </div>
  );
}
