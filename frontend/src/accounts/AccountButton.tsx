import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useLoaded } from "../ui/useLoaded";
import { type Link, takeLink, takeReturn } from "./links";
import { accountName, loadMe } from "./store";

/** The button at the top of the start page that signs in, or shows the account. */
export function AccountButton() {
  const open = useSignal(false);
  const link = useSignal<Link | null>(null);
  useEffect(() => {
    const look = () => {
      if (takeReturn()) loadMe().catch(() => {});
      const found = takeLink();
      if (found) {
        link.value = found;
        open.value = true;
      }
    };
    look();
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
  return (
    <>
      <button
        class="button"
        type="button"
        onClick={() => {
          link.value = null;
          open.value = true;
        }}
      >
        {accountName.value ?? "Sign in"}
      </button>
      {open.value && (
        <LazyWindow
          link={link.value}
          onClose={() => {
            open.value = false;
          }}
        />
      )}
    </>
  );
}

function LazyWindow(props: { link: Link | null; onClose(): void }) {
  const Window = useLoaded(
    async () => (await import("./AccountWindow")).AccountWindow,
    props.onClose,
  );
  return Window && <Window {...props} />;
}
