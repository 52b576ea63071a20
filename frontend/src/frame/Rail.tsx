import type { IconNode } from "lucide";
import { Keyboard, LogOut, Search, Settings } from "lucide";
import { find, perform, titleOf } from "../actions";
import { at } from "../base";
import { guarded, type Pane, type RoomContext } from "../feature";
import { labelsOf } from "../keyLabels";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import { isOpen, togglePane } from "./open";
import { Parts } from "./Parts";

/** The edge of a wide screen: panels above, the page itself below. */
export function Rail({ room }: { room: RoomContext }) {
  const panes = room.features.flatMap(({ panes = [] }) =>
    panes.filter(({ unlisted }) => !unlisted),
  );
  return (
    <nav class="rail wide-only" aria-label="Panels and settings">
      {panes.map((pane) => (
        <button
          key={pane.id}
          class="icon-button"
          type="button"
          aria-pressed={isOpen(pane)}
          onClick={() => togglePane(pane)}
        >
          <Icon of={pane.icon} size={18} />
          <RailBadge pane={pane} room={room} />
          <Tip>{pane.title} panel</Tip>
        </button>
      ))}
      <RailAction id="edit.find" icon={Search} />
      <span class="spring" />
      <RailAction id="help.shortcuts" icon={Keyboard} />
      <Parts at="rail" room={room} />
      <RailAction id="view.settings" icon={Settings} />
      <a class="icon-button" href={at("/")}>
        <Icon of={LogOut} size={18} />
        <Tip>Leave the room</Tip>
      </a>
    </nav>
  );
}

/** Shows the count of new things in a pane that asks to be looked at. */
function RailBadge({ pane, room }: { pane: Pane; room: RoomContext }) {
  const badge = pane.badgeOnRail ? guarded(null, () => pane.badge?.(room) ?? null) : null;
  return (
    badge && (
      <>
        <span class="phone-nav-badge" aria-hidden="true">
          {badge.count}
        </span>
        <span class="hidden">({badge.words})</span>
      </>
    )
  );
}

/** An action as an icon; until the page has it, its place. */
function RailAction({ id, icon }: { id: string; icon: IconNode }) {
  const action = find(id);
  if (!action) return <span class="icon-button" />;
  const [key] = labelsOf(action);
  return (
    <button class="icon-button" type="button" onClick={() => perform(id)}>
      <Icon of={icon} size={18} />
      <Tip keys={key}>{titleOf(action)}</Tip>
    </button>
  );
}
