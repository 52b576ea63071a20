import { useSignal } from "@preact/signals";
import { ask, type Me } from "./api";
import { DropPasskeys, Field, Form } from "./fields";
import { me, signOut, take } from "./store";

interface Props {
  /** Tells whether people of this server may have passkeys. */
  passkeys: boolean;
  onClose(): void;
}

/** The name, the address and the password, and the way out. */
export function ProfileSection({ passkeys, onClose }: Props) {
  const said = useSignal("");
  const known = me.value;
  if (!known) return null;
  const say = (words: string) => {
    said.value = words;
  };
  return (
    <div class="sections">
      <Form
        submit="Save"
        onSubmit={async ({ name, email }) => {
          const change: { name?: string; email?: string | null } = {};
          if (name !== known.name) change.name = name ?? "";
          if (email !== (known.email ?? "")) change.email = email || null;
          take(await ask<Me>("PATCH", "/me", change));
          say(change.email ? "Open the link in the e-mail that you were sent." : "Saved.");
        }}
      >
        <Field
          label="Name"
          name="name"
          value={known.name ?? ""}
          maxLength={40}
          autocomplete="username"
        />
        <Field
          label="E-mail"
          name="email"
          type="email"
          value={known.email ?? ""}
          required={false}
          autocomplete="email"
          remark={
            !known.email
              ? "With an address you can set a new password yourself."
              : known.email_confirmed
                ? "Confirmed."
                : "Not confirmed yet: it signs nobody in, and gets no link for a new password."
          }
        />
      </Form>
      <Form
        submit="Change the password"
        onSubmit={async ({ old = "", password, drop_passkeys }, form) => {
          const drop = Boolean(drop_passkeys);
          await ask("PUT", "/me/password", { old, password, drop_passkeys: drop });
          form.reset();
          say(
            "The password is changed. Everybody else is signed out, and API tokens are revoked." +
              (drop ? " No passkey is left." : passkeys ? " Passkeys still sign in." : ""),
          );
        }}
      >
        {known.password && (
          <Field label="Password" name="old" type="password" autocomplete="current-password" />
        )}
        <Field
          label="New password"
          name="password"
          type="password"
          autocomplete="new-password"
          minLength={8}
        />
        {passkeys && <DropPasskeys />}
      </Form>
      <p class="remark" role="status">
        {said.value}
      </p>
      <Form
        submit="Sign out"
        onSubmit={async () => {
          await signOut();
          onClose();
        }}
      />
    </div>
  );
}
