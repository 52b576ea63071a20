import { useSignal } from "@preact/signals";
import { Link } from "lucide";
import { roomLink } from "../address";
import type { Role, Standing } from "../link/protocol";
import { copyText } from "../ui/copy";
import { Icon } from "../ui/Icon";
import type { doorsOf, RoleLink } from "./api";
import { GIVEN, RoleOptions } from "./RoleChoice";
import { isPointless, limitsOf } from "./standing";

interface Props {
  doors: ReturnType<typeof doorsOf>;
  standing: Standing;
  links: readonly RoleLink[];
  act(doing: () => Promise<unknown>): Promise<boolean>;
}

/** Seconds, with words for them. */
const EXPIRIES: readonly [string, string][] = [
  ["", "Never expires"],
  ["3600", "For an hour"],
  ["86400", "For a day"],
  ["604800", "For a week"],
  ["2592000", "For 30 days"],
];
const MOST_USES = 1_000_000;

/** The links that give a role, and a form that makes one. */
export function LinksPart({ doors, standing, links, act }: Props) {
  const role = useSignal<Role>("editor");
  const expiry = useSignal("");
  const uses = useSignal("");
  const made = useSignal("");
  const make = () =>
    act(async () => {
      const most = Number.parseInt(uses.peek(), 10);
      const { secret } = await doors.makeLink(
        role.peek(),
        expiry.peek() ? Number(expiry.peek()) : null,
        most > 0 ? Math.min(most, MOST_USES) : null,
      );
      made.value = `${roomLink()}#key=${secret}`;
      await copyText(made.value);
    });
  return (
    <div class="field">
      <span class="label">Links that give a role</span>
      <div class="access-line">
        <RoleOptions
          label="The role that the link gives"
          value={role.value}
          onChange={(chosen) => {
            role.value = chosen;
          }}
        />
        <select
          class="input"
          aria-label="How long the link works"
          value={expiry.value}
          onChange={({ currentTarget }) => {
            expiry.value = currentTarget.value;
          }}
        >
          {EXPIRIES.map(([seconds, words]) => (
            <option key={seconds} value={seconds}>
              {words}
            </option>
          ))}
        </select>
        <input
          class="input access-uses"
          type="number"
          min={1}
          max={MOST_USES}
          aria-label="How many people may use the link; empty for any number"
          placeholder="Any number"
          value={uses.value}
          onInput={({ currentTarget }) => {
            uses.value = currentTarget.value;
          }}
        />
        <button class="button" type="button" onClick={() => void make()}>
          <Icon of={Link} />
          Make and copy
        </button>
      </div>
      {isPointless(role.value, standing) && (
        <p class="remark access-warning" role="status">
          The room's own link gives as much: this one changes nothing until fewer may enter above.
        </p>
      )}
      {made.value && <input class="input" aria-label="The new link" readOnly value={made.value} />}
      <ul class="access-list">
        {links.map((link) => (
          <li key={link.id}>
            <span>
              {GIVEN[link.role]} · {limitsOf(link)}
            </span>
            <button
              class="button small"
              type="button"
              onClick={() => void act(() => doors.revoke(link.id))}
            >
              Revoke
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
