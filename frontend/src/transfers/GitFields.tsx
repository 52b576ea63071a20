import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import "./transfers.css";

interface Props {
  button: string;
  busy?: boolean;
  problem?: string | null;
  onGive(url: string): void;
  children?: ComponentChildren;
}

/** A field for the https address of a public repository. */
export function GitFields({ button, busy = false, problem = null, onGive, children }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const wrong = useSignal<string | null>(null);
  return (
    <form
      class="transfer-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const url = repositoryIn(field.current?.value ?? "");
        wrong.value = url === null ? NOT_HTTPS : null;
        if (url !== null) onGive(url);
        else field.current?.focus();
      }}
    >
      <label class="field">
        <span class="label">Address of a public repository</span>
        <input
          ref={field}
          class="input"
          data-first
          type="url"
          inputMode="url"
          placeholder="https://example.com/project.git"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="go"
          aria-invalid={wrong.value !== null}
          aria-describedby="git-problem"
        />
      </label>
      <p class="problem" id="git-problem" role="alert">
        {wrong.value ?? problem}
      </p>
      {children}
      <div class="transfer-foot">
        <button class="button primary" type="submit" aria-disabled={busy}>
          {button}
        </button>
      </div>
    </form>
  );
}

const NOT_HTTPS = "It has to be an address that begins with https://, without a name or password.";

/** Read the address of a repository as a person wrote it. Returns null when it cannot be fetched. */
export function repositoryIn(written: string): string | null {
  try {
    const url = new URL(written.trim());
    return url.protocol === "https:" && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}
