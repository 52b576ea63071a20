import { useSignal } from "@preact/signals";
import { Check, ChevronDown } from "lucide";
import type { Role } from "../link/protocol";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { choicesOf, GIVEN, type Given } from "./RoleChoice";

interface Props {
  role: Role | "none";
  name: string;
  onChange(role: Given): Promise<void>;
}

/** The role of somebody on a phone: a button that opens a sheet at the foot. */
export function RoleSheet({ role, name, onChange }: Props) {
  const open = useSignal(false);
  return (
    <>
      <button
        class="button small role-button"
        type="button"
        aria-haspopup="dialog"
        onClick={() => {
          open.value = true;
        }}
      >
        {GIVEN[role] ?? "Removed"}
        <span class="hidden">: the role of {name}</span>
        <Icon of={ChevronDown} />
      </button>
      {open.value && (
        <Dialog
          title={name}
          kind="aside"
          onClose={() => {
            open.value = false;
          }}
        >
          <form method="dialog" class="menu">
            {choicesOf(role).map(([given, words]) => (
              <button
                key={given}
                class="menu-item"
                type="submit"
                aria-pressed={given === role}
                onClick={() => given !== role && void onChange(given)}
              >
                {given === role ? <Icon of={Check} size={18} /> : <span class="menu-gap" />}
                {words}
              </button>
            ))}
          </form>
        </Dialog>
      )}
    </>
  );
}
