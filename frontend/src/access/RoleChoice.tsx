import type { Role } from "../link/protocol";

/** The roles that an owner gives, with their words. */
export const GIVEN: Record<string, string> = {
  editor: "Editor",
  commenter: "Commenter",
  viewer: "Viewer",
};

/** The choices of an owner for somebody's role. */
export type Given = Role | "none" | "forget";

interface ChoiceProps {
  role: Role | "none";
  name: string;
  onChange(role: Given): void;
}

/** Return the choices of an owner for somebody who has this role, with their words. */
export function choicesOf(role: Role | "none"): [Given, string][] {
  return [
    ...(Object.entries(GIVEN) as [Given, string][]),
    ["owner", "Owner: hand the room over"],
    ["none", role === "none" ? "Removed" : "Remove: stays out"],
    ["forget", "No role of their own"],
  ];
}

/** The role of somebody, to be changed. */
export function RoleChoice({ role, name, onChange }: ChoiceProps) {
  return (
    <select
      class="input"
      aria-label={`The role of ${name}`}
      value={role}
      onChange={(event) => onChange(event.currentTarget.value as Given)}
    >
      {choicesOf(role).map(([given, words]) => (
        <option key={given} value={given}>
          {words}
        </option>
      ))}
    </select>
  );
}

interface OptionsProps {
  label: string;
  value: Role;
  onChange(role: Role): void;
}

/** A field for a role that is given. */
export function RoleOptions({ label, value, onChange }: OptionsProps) {
  return (
    <select
      class="input"
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value as Role)}
    >
      {Object.entries(GIVEN).map(([role, words]) => (
        <option key={role} value={role}>
          {words}
        </option>
      ))}
    </select>
  );
}
