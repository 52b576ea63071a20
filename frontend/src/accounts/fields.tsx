import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useTask } from "../ui/useTask";

interface FieldProps {
  label: string;
  name: string;
  type?: "text" | "password" | "email";
  value?: string;
  autocomplete?: string;
  required?: boolean;
  remark?: string;
  minLength?: number;
  maxLength?: number;
  /** Has the focus as soon as it is there. */
  first?: boolean;
}

/** A field with its label above it. */
export function Field({
  label,
  remark,
  value,
  required = true,
  type = "text",
  first = false,
  ...rest
}: FieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (first) input.current?.focus();
  }, []);
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <input
        {...rest}
        ref={input}
        id={id}
        class="input"
        {...({ type } as { type: "text" })}
        required={required}
        defaultValue={value ?? ""}
        aria-describedby={remark ? `${id}-remark` : undefined}
        autocapitalize="off"
        spellcheck={false}
      />
      {remark && (
        <p class="remark" id={`${id}-remark`}>
          {remark}
        </p>
      )}
    </div>
  );
}

/** Asks, beside a new password, whether the passkeys go, too. */
export function DropPasskeys() {
  return (
    <div class="checks">
      <label>
        <input type="checkbox" name="drop_passkeys" /> Remove all passkeys, too
      </label>
    </div>
  );
}

interface FormProps {
  /** The words on the button, and those while the server works. */
  submit: string;
  busy?: string;
  danger?: boolean;
  onSubmit(fields: Record<string, string>, form: HTMLFormElement): Promise<unknown>;
  children?: ComponentChildren;
}

/** Fields and a button. What goes wrong is told below them. */
export function Form({ submit, busy = "One moment…", danger, onSubmit, children }: FormProps) {
  const task = useTask();
  return (
    <form
      class="fields"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const fields = Object.fromEntries(
          [...new FormData(form)].map(([name, value]) => [name, String(value)]),
        );
        void task.run(async () => {
          await onSubmit(fields, form);
          return "stays";
        });
      }}
    >
      {children}
      <p class="problem" role="alert">
        {task.problem}
      </p>
      <button
        class={`button ${danger ? "danger" : "primary"}`}
        type="submit"
        aria-disabled={task.busy}
      >
        {task.busy && <span class="spinner" />}
        {task.busy ? busy : submit}
      </button>
    </form>
  );
}
