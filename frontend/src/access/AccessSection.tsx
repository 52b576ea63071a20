import { useSignal } from "@preact/signals";
import { Lock, LockOpen } from "lucide";
import { useEffect, useMemo } from "preact/hooks";
import type { RoomContext } from "../feature";
import type { Standing } from "../link/protocol";
import { Icon } from "../ui/Icon";
import { latest } from "../ui/latest";
import { doorsOf, type Member, type RoleLink, type Waiter } from "./api";
import { LinksPart } from "./LinksPart";
import { MembersPart } from "./MembersPart";
import { waitingOf } from "./store";
import "./access.css";

const DOORS: Record<Standing["open"], string> = {
  editor: "Anyone with the link can edit",
  viewer: "Anyone with the link can view",
  ask: "Anyone with the link can ask to enter",
  none: "Only members",
};

/** For the owner: the door, the lock, who waits, members, and links that give a role. */
export function AccessSection({ room }: { room: RoomContext }) {
  const doors = doorsOf(room.id);
  const standing = room.session.standing.value;
  const members = useSignal<readonly Member[]>([]);
  const links = useSignal<readonly RoleLink[]>([]);
  const waiting = useSignal<readonly Waiter[]>([]);
  const problem = useSignal("");
  const read = useMemo(latest, []);
  const load = () =>
    read(Promise.all([doors.members(), doors.links(), doors.waiting()]), (answers) => {
      [members.value, links.value, waiting.value] = answers;
    });
  /** Do something, and show what came of it. Resolves to whether it could be done. */
  const act = async (doing: () => Promise<unknown>) => {
    problem.value = "";
    try {
      await doing();
      await load();
      return true;
    } catch (error) {
      problem.value = (error as Error).message;
      return false;
    }
  };
  const told = waitingOf(room).value;
  useEffect(() => void act(async () => {}), [told, standing]);
  return (
    <>
      <div class="field">
        <label class="label" for="room-door">
          Who may enter
        </label>
        <select
          id="room-door"
          class="input"
          value={standing.open}
          onChange={(event) => {
            const open = event.currentTarget.value as Standing["open"];
            void act(() => doors.regulate({ open }));
          }}
        >
          {Object.entries(DOORS).map(([open, words]) => (
            <option key={open} value={open}>
              {words}
            </option>
          ))}
        </select>
        <button
          class="button"
          type="button"
          aria-pressed={standing.locked}
          onClick={() => void act(() => doors.regulate({ locked: !standing.locked }))}
        >
          <Icon of={standing.locked ? LockOpen : Lock} />
          {standing.locked ? "Unlock: everybody as before" : "Lock: the others only watch"}
        </button>
      </div>
      {waiting.value.length > 0 && (
        <div class="field">
          <span class="label">Asking to come in or to edit</span>
          <ul class="access-list">
            {waiting.value.map(({ who, name }) => (
              <li key={who}>
                <span>{name}</span>
                <button
                  class="button small"
                  type="button"
                  onClick={() => void act(() => doors.answer(who, "editor"))}
                >
                  Approve<span class="hidden"> {name}</span>
                </button>
                <button
                  class="button small"
                  type="button"
                  onClick={() => void act(() => doors.answer(who, "none"))}
                >
                  Turn away<span class="hidden"> {name}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <MembersPart {...{ doors, act }} members={members.value} people={room.session.people.value} />
      <LinksPart {...{ doors, standing, act }} links={links.value} />
      <p class="problem" role="alert">
        {problem.value}
      </p>
    </>
  );
}
