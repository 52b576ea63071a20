import { CodeXml, Ellipsis, type IconNode, Search } from "lucide";
import { perform } from "../actions";
import { guarded, type Pane, type RoomContext } from "../feature";
import { Icon } from "../ui/Icon";
import { openDialog } from "./dialogs";
import { hideAll, isOpen, showPane } from "./open";

/** The foot of a phone: what fills the screen, and the ways to the rest. */
export function PhoneNav({ room }: { room: RoomContext }) {
  const panes = room.features.flatMap(({ panes = [] }) => panes);
  return (
    <nav class="phone-nav phone-only" aria-label="Views">
      <Item icon={CodeXml} label="Code" current={!panes.some(isOpen)} onPress={hideAll} />
      {panes.filter(atFoot).map((pane) => (
        <Item
          key={pane.id}
          icon={pane.icon}
          label={pane.title}
          current={isOpen(pane)}
          badge={badgeOf(pane, room)}
          onPress={() => showPane(pane)}
        />
      ))}
      <Item icon={Search} label="Actions" onPress={() => perform("help.palette")} />
      <Item icon={Ellipsis} label="More" onPress={() => openDialog("more")} />
    </nav>
  );
}

function atFoot(pane: Pane): boolean {
  return pane.atFoot === true;
}

function badgeOf(pane: Pane, room: RoomContext) {
  return guarded(null, () => pane.badge?.(room) ?? null);
}

interface ItemProps {
  icon: IconNode;
  label: string;
  current?: boolean;
  badge?: { count: number; words: string } | null;
  onPress(): void;
}

function Item({ icon, label, current, badge, onPress }: ItemProps) {
  return (
    <button
      class="phone-nav-item"
      type="button"
      aria-current={current ? "page" : undefined}
      onClick={onPress}
    >
      <span class="phone-nav-icon">
        <Icon of={icon} size={20} />
        {badge && (
          <span class="phone-nav-badge" aria-hidden="true">
            {badge.count}
          </span>
        )}
      </span>
      {label}
      {badge && <span class="hidden"> ({badge.words})</span>}
    </button>
  );
}
