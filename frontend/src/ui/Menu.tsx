import type { IconNode } from "lucide";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./Icon";

export interface MenuItem {
  title: string;
  icon: IconNode;
  key?: string | undefined;
  run(): void;
}

/** The place in the window where a menu opens. */
export interface MenuAt {
  x: number;
  y: number;
}

interface Props {
  label: string;
  at: MenuAt;
  items: readonly MenuItem[];
  /** Called when the person leaves the menu or chooses an item. The menu gives the focus back before that. */
  onClose(): void;
}

/** A menu at a place on the page. The arrow keys, Home and End move between its items; Escape closes it. */
export function Menu({ label, at, items, onClose }: Props) {
  const menu = useRef<HTMLDivElement>(null);
  const before = useRef(document.activeElement);

  useLayoutEffect(() => {
    const box = menu.current;
    if (!box) return;
    const { width, height } = box.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(at.x, innerWidth - width - 8))}px`;
    box.style.top = `${Math.max(8, Math.min(at.y, innerHeight - height - 8))}px`;
    options(box)[0]?.focus();
  }, [at]);
  const close = () => {
    if (before.current instanceof HTMLElement) before.current.focus();
    onClose();
  };
  const press = (event: KeyboardEvent) => {
    const all = options(menu.current);
    const index = all.indexOf(document.activeElement as HTMLElement);
    const to = {
      ArrowDown: (index + 1) % all.length,
      ArrowUp: (index - 1 + all.length) % all.length,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (to !== undefined) all[to]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else if (event.key === "Enter" || event.key === " ") all[index]?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the menu closes it, as Escape does. */}
      <div
        class="menu-veil"
        onPointerDown={(event) => {
          event.preventDefault();
          close();
        }}
        onContextMenu={(event) => event.preventDefault()}
      />
      <div class="context-menu" role="menu" aria-label={label} ref={menu} onKeyDown={press}>
        {items.map(({ title, icon, key, run }) => (
          <button
            key={title}
            class="menu-item"
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={() => {
              close();
              run();
            }}
          >
            <Icon of={icon} />
            <span>{title}</span>
            {key && <kbd>{key}</kbd>}
          </button>
        ))}
      </div>
    </>
  );
}

function options(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
}
