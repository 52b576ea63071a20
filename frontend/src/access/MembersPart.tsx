import { useSignal } from "@preact/signals";
import { UserPlus } from "lucide";
import type { Role } from "../link/protocol";
import type { Person } from "../session";
import { Icon } from "../ui/Icon";
import type { doorsOf, Member } from "./api";
import { RoleChoice, RoleOptions } from "./RoleChoice";

interface Props {
  doors: ReturnType<typeof doorsOf>;
  members: readonly Member[];
  people: readonly Person[];
  act(doing: () => Promise<unknown>): Promise<boolean>;
}

/** Those who have a role of their own, and a form that gives one to somebody with an account. */
export function MembersPart({ doors, members, people, act }: Props) {
  const name = useSignal("");
  const role = useSignal<Role>("editor");
  const add = async () => {
    const wanted = name.peek().trim();
    if (wanted && (await act(() => doors.addMember(wanted, role.peek())))) name.value = "";
  };
  return (
    <div class="field">
      <span class="label">Members</span>
      <ul class="access-list">
        {members
          .filter(({ role }) => role !== "owner")
          .map((member) => {
            // Who came by a link is known by name while they are here.
            const here = people.find(({ who }) => who === member.who);
            return { ...member, called: member.name ?? here?.name };
          })
          .map(({ who, role, name, called }) => (
            <li key={who}>
              <bdi>{called ?? "A guest"}</bdi>
              <RoleChoice
                role={role}
                name={called ?? "a guest"}
                onChange={(role) =>
                  void act(() =>
                    role === "forget" ? doors.forget(who) : doors.setRole(who, role, name),
                  )
                }
              />
            </li>
          ))}
      </ul>
      <form
        class="access-line"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <input
          class="input"
          aria-label="The name of an account"
          placeholder="Name of an account"
          maxLength={40}
          autocomplete="off"
          value={name.value}
          onInput={({ currentTarget }) => {
            name.value = currentTarget.value;
          }}
        />
        <RoleOptions
          label="The role that the account gets"
          value={role.value}
          onChange={(chosen) => {
            role.value = chosen;
          }}
        />
        <button class="button" type="submit" aria-disabled={name.value.trim() === ""}>
          <Icon of={UserPlus} />
          Add
        </button>
      </form>
    </div>
  );
}
