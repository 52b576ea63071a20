import { CodeXml, Ellipsis, type IconNode, Search, Users } from "lucide";
import { perform } from "../actions";
import type { RoomSession } from "../session";
import { Icon } from "../ui/Icon";
import { sideOpen } from "./side";

interface Props {
  session: RoomSession;
  onMore(): void;
}

/** The foot of a phone: what fills the screen, and the ways to the rest. */
export function PhoneNav({ session, onMore }: Props) {
  const live = session.link.value.state === "live";
  const count = live ? session.people.value.length : 0;
  const open = sideOpen.value;
  const show = (side: boolean) => {
    sideOpen.value = side;
  };
  return (
    <nav class="phone-nav phone-only" aria-label="Views">
      <Item icon={CodeXml} label="Code" current={!open} onPress={() => show(false)} />
      <Item
        icon={Users}
        label="People"
        current={open}
        badge={count > 1 ? count : 0}
        onPress={() => show(true)}
      />
      <Item icon={Search} label="Actions" onPress={() => perform("help.palette")} />
      <Item icon={Ellipsis} label="More" onPress={onMore} />
    </nav>
  );
}

interface ItemProps {
  icon: IconNode;
  label: string;
  current?: boolean;
  badge?: number;
  onPress(): void;
}

function Item({ icon, label, current, badge = 0, onPress }: ItemProps) {
  return (
    <button
      class="phone-nav-item"
      type="button"
      aria-current={current ? "page" : undefined}
      onClick={onPress}
    >
      <span class="phone-nav-icon">
        <Icon of={icon} size={20} />
        {badge > 0 && (
          <span class="phone-nav-badge" aria-hidden="true">
            {badge}
          </span>
        )}
      </span>
      {label}
      {badge > 0 && <span class="hidden"> ({badge} here)</span>}
    </button>
  );
}
