import type { PersonProps } from "../feature";
import { phone } from "../frame/screen";
import { doorsOf } from "./api";
import { type Given, RoleChoice } from "./RoleChoice";
import { RoleSheet } from "./RoleSheet";
import "./access.css";

const WORDS = { viewer: "Viewer", commenter: "Commenter", editor: "", owner: "Owner" };

/** The role of somebody in the panel of people; the owner changes it there. */
export function RoleMenu({ room, person }: PersonProps) {
  const { session } = room;
  const { role: own } = session.standing.value;
  const role = person.self ? own : (person.role ?? "editor");
  const { who, name } = person;
  if (own !== "owner" || person.self || !who || role === "owner") {
    return WORDS[role] ? <span class="muted">{WORDS[role]}</span> : null;
  }
  const change = async (changed: Given) => {
    const doors = doorsOf(room.id);
    try {
      await (changed === "forget" ? doors.forget(who) : doors.setRole(who, changed, name));
    } catch (error) {
      session.say("warn", (error as Error).message);
    }
  };
  if (phone.matches) return <RoleSheet role={role} name={name} onChange={change} />;
  return <RoleChoice role={role} name={name} onChange={(changed) => void change(changed)} />;
}
