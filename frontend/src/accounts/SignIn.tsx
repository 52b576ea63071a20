import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { at } from "../base";
import { ask, type Ways } from "./api";
import { DropPasskeys, Field, Form } from "./fields";
import type { Link } from "./links";
import { canPasskeys, signInWithPasskey } from "./passkeys";
import { enter, ways } from "./store";

type Step = "in" | "up" | "forgot" | "sent" | "confirm" | "reset" | "set";

/** Words for the codes with which the server sends people back from an issuer. */
const FAILED: Record<string, string> = {
  other: "Signing in did not work. Try again.",
  denied: "You said no to signing in. Try again, or sign in with a password.",
  sign_up_closed: "There is no account for you here yet. Ask whoever runs this server.",
  other_domain: "Addresses like yours may not sign up here.",
  email_needed: "Your address is not confirmed there, so it cannot sign up here.",
};

interface Props {
  link: Link | null;
  onTitle(title: string): void;
  onDone(): void;
}

const TITLES: Record<Step, string> = {
  in: "Sign in",
  up: "Make an account",
  forgot: "Set a new password",
  sent: "Look into your e-mails",
  confirm: "Look into your e-mails",
  reset: "Set a new password",
  set: "Sign in",
};

/** Signs in or up, and sets a password that was forgotten. */
export function SignIn({ link, onTitle, onDone }: Props) {
  const step = useSignal<Step>(
    link?.kind === "reset" ? "reset" : link?.kind === "invite" ? "up" : "in",
  );
  const offered = useSignal<Ways | null>(null);
  useEffect(() => {
    ways().then(
      (found) => {
        offered.value = found;
      },
      () => {},
    );
  }, []);
  useEffect(() => onTitle(TITLES[step.value]), [step.value]);
  const go = (next: Step) => () => {
    step.value = next;
  };
  const problem = useSignal<string | null>(null);
  const usePasskey = () => {
    problem.value = null;
    signInWithPasskey().then(onDone, (error: Error) => {
      problem.value = error.message;
    });
  };
  const found = offered.value;
  const mayUp =
    link?.kind === "invite" || found?.sign_up === "open" || found?.sign_up === "domains";
  switch (step.value) {
    case "up":
      return (
        <>
          <Form
            key="up"
            submit="Make the account"
            onSubmit={async ({ name, password, email }) => {
              const body = { name, password, email: email || null };
              const invitation = link?.kind === "invite" ? { invitation: link.secret } : {};
              const known = await enter("/auth/signup", { ...body, ...invitation });
              if (found?.sign_up === "domains" && !known.email_confirmed) step.value = "confirm";
              else onDone();
            }}
          >
            <Field
              first
              label="Name"
              name="name"
              autocomplete="username"
              maxLength={40}
              remark="Others see it."
            />
            <Field
              label="Password"
              name="password"
              type="password"
              autocomplete="new-password"
              minLength={8}
              remark="At least 8 characters."
            />
            <Field
              label={
                found?.sign_up === "domains"
                  ? `E-mail at ${found.domains.join(" or ")}`
                  : "E-mail, if you like"
              }
              name="email"
              type="email"
              autocomplete="email"
              required={found?.sign_up === "domains"}
            />
          </Form>
          <p class="remark ways">
            The rooms that you have opened on this device come along.{" "}
            <button class="link" type="button" onClick={go("in")}>
              I have an account
            </button>
          </p>
        </>
      );
    case "forgot":
      return (
        <>
          <Form
            key="forgot"
            submit="Send me a link"
            onSubmit={async ({ name }) => {
              await ask("POST", "/auth/reset/ask", { name });
              step.value = "sent";
            }}
          >
            <Field first label="Name or e-mail" name="name" autocomplete="username" />
          </Form>
          <p class="remark ways">
            <button class="link" type="button" onClick={go("in")}>
              Back to signing in
            </button>
          </p>
        </>
      );
    case "sent":
      return (
        <p>
          If there is such an account with a confirmed address, a link is on its way. It works for
          an hour.
        </p>
      );
    case "confirm":
      return <p>Open the link in the e-mail that you were sent, then sign in.</p>;
    case "reset":
      return (
        <Form
          key="reset"
          submit="Set the password"
          onSubmit={async ({ password, drop_passkeys }) => {
            const body = { secret: link?.secret, password, drop_passkeys: Boolean(drop_passkeys) };
            await ask("POST", "/auth/reset", body);
            step.value = "set";
          }}
        >
          <Field
            first
            label="New password"
            name="password"
            type="password"
            autocomplete="new-password"
            minLength={8}
            remark="At least 8 characters. Everybody who is signed in to the account is signed out."
          />
          {found?.passkeys && <DropPasskeys />}
        </Form>
      );
    default:
      return (
        <>
          {link?.kind === "failed" && <p role="alert">{FAILED[link.secret] ?? FAILED.other}</p>}
          {step.value === "set" && <p role="status">The password is set. Sign in with it.</p>}
          <Form
            key="in"
            submit="Sign in"
            onSubmit={async ({ name, password }) => {
              await enter("/auth/signin", { name, password });
              onDone();
            }}
          >
            <Field first label="Name or e-mail" name="name" autocomplete="username" />
            <Field
              label="Password"
              name="password"
              type="password"
              autocomplete="current-password"
            />
          </Form>
          {problem.value && (
            <p class="problem" role="alert">
              {problem.value}
            </p>
          )}
          {found && (found.passkeys || found.issuers.length > 0) && (
            <div class="issuers">
              {found.passkeys && canPasskeys() && (
                <button class="button" type="button" onClick={usePasskey}>
                  Sign in with a passkey
                </button>
              )}
              {found.issuers.map((issuer, index) => (
                <a key={issuer} class="button" href={at(`/auth/oidc/${index}`)}>
                  Sign in with {issuer}
                </a>
              ))}
            </div>
          )}
          <p class="remark ways">
            {mayUp && (
              <button class="link" type="button" onClick={go("up")}>
                Make an account
              </button>
            )}
            {found?.mails ? (
              <button class="link" type="button" onClick={go("forgot")}>
                I forgot the password
              </button>
            ) : (
              found && <span>Forgot the password? Whoever runs this server can reset it.</span>
            )}
          </p>
        </>
      );
  }
}
