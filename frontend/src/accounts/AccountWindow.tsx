import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Dialog } from "../ui/Dialog";
import { useLoaded } from "../ui/useLoaded";
import { ask } from "./api";
import { DataSection } from "./DataSection";
import type { Link } from "./links";
import { MentionsSection } from "./MentionsSection";
import { PasskeysSection } from "./PasskeysSection";
import { ProfileSection } from "./ProfileSection";
import { SessionsSection } from "./SessionsSection";
import { SignIn } from "./SignIn";
import { loadMe, me, ways } from "./store";
import { TokensSection } from "./TokensSection";
import "./accounts.css";

interface Props {
  link?: Link | null;
  onClose(): void;
}

const SECTIONS = [
  "Profile",
  "Mentions",
  "Sessions",
  "Passkeys",
  "API tokens",
  "My data",
  "Admin",
] as const;
type SectionName = (typeof SECTIONS)[number];

/** Signing in and up; and for somebody who is signed in, everything about the own account. */
export function AccountWindow({ link = null, onClose }: Props) {
  const title = useSignal("Account");
  const problem = useSignal<string | null>(null);
  const confirmed = useSignal<string | null>(null);
  useEffect(() => {
    const started = async () => {
      if (link?.kind === "confirm") {
        await ask("POST", "/auth/confirm", { secret: link.secret });
        confirmed.value = "Your address is confirmed.";
      }
    };
    const say = (error: unknown) => {
      problem.value = error instanceof Error ? error.message : String(error);
    };
    started()
      .catch(say)
      .finally(() => loadMe().catch(say));
  }, []);
  const known = me.value;
  const signedIn = known?.kind === "account" && link?.kind !== "reset";
  const setTitle = (words: string) => {
    title.value = words;
  };
  return (
    <Dialog
      title={signedIn ? (known.name ?? "Account") : title.value}
      {...(signedIn ? { kind: "wide" as const } : {})}
      onClose={onClose}
    >
      <div class="account">
        {confirmed.value && <p role="status">{confirmed.value}</p>}
        <p class="problem" role="alert">
          {problem.value}
        </p>
        {known === undefined && !problem.value ? (
          <p class="remark">One moment…</p>
        ) : signedIn ? (
          <Sections admin={known.admin} onClose={onClose} />
        ) : (
          <SignIn link={link} onTitle={setTitle} onDone={onClose} />
        )}
      </div>
    </Dialog>
  );
}

function Sections({ admin, onClose }: { admin: boolean; onClose(): void }) {
  const shown = useSignal<SectionName>("Profile");
  const passkeys = useSignal(false);
  useEffect(() => {
    ways().then(
      (found) => {
        passkeys.value = found.passkeys;
      },
      () => {},
    );
  }, []);
  const offered: Partial<Record<SectionName, boolean>> = {
    Admin: admin,
    Passkeys: passkeys.value,
  };
  return (
    <>
      <div class="segments" role="radiogroup" aria-label="Parts of the account">
        {SECTIONS.filter((name) => offered[name] ?? true).map((name) => (
          <label key={name} class="segment">
            <input
              class="hidden"
              type="radio"
              name="account-section"
              checked={shown.value === name}
              onChange={() => {
                shown.value = name;
              }}
            />
            {name}
          </label>
        ))}
      </div>
      {shown.value === "Profile" && <ProfileSection passkeys={passkeys.value} onClose={onClose} />}
      {shown.value === "Mentions" && <MentionsSection />}
      {shown.value === "Sessions" && <SessionsSection onClose={onClose} />}
      {shown.value === "Passkeys" && <PasskeysSection />}
      {shown.value === "API tokens" && <TokensSection />}
      {shown.value === "My data" && <DataSection onClose={onClose} />}
      {shown.value === "Admin" && <LazyAdmin />}
    </>
  );
}

function LazyAdmin() {
  const failed = useSignal(false);
  const Admin = useLoaded(
    async () => (await import("./AdminSection")).AdminSection,
    () => {
      failed.value = true;
    },
  );
  if (failed.value) return <p class="problem">This part could not be loaded. Try again.</p>;
  return Admin && <Admin />;
}
