import { Pause, Play } from "lucide";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import type { Heat } from "./api";
import { type HistoryStore, SPEEDS } from "./store";

/** The whole life of the room as a slider, over a bar of each person's share of the work. */
export function Timeline({ store }: { store: HistoryStore }) {
  const heat = store.heat.value;
  const revision = store.revision.value;
  const head = heat?.head ?? 0;
  const playing = store.playing.value;
  const next = SPEEDS[(SPEEDS.indexOf(store.speed.value as 1) + 1) % SPEEDS.length] ?? 1;
  return (
    <footer class="timeline">
      <button class="icon-button" type="button" onClick={() => store.toggle()}>
        <Icon of={playing ? Pause : Play} />
        <Tip keys="Space">{playing ? "Pause" : "Play"}</Tip>
      </button>
      <button
        class="button small timeline-speed"
        type="button"
        aria-label={`Speed ${store.speed.value} times. Make it ${next} times.`}
        onClick={() => {
          store.speed.value = next;
        }}
      >
        {store.speed.value}×
      </button>
      <div class="timeline-track">
        {heat && <HeatBar heat={heat} colourOf={(person) => store.colourOf(person)} />}
        <input
          class="timeline-slider"
          type="range"
          min={0}
          max={head}
          value={revision}
          aria-label="Revision"
          aria-valuetext={`Revision ${revision} of ${head}`}
          onInput={({ currentTarget }) => {
            store.pause();
            store.go(Number(currentTarget.value));
          }}
        />
      </div>
    </footer>
  );
}

function HeatBar({ heat, colourOf }: { heat: Heat; colourOf(person: string): number }) {
  const { head, buckets, people, marks, messages } = heat;
  const size = Math.max(1, Math.ceil(head / 300));
  const sums = buckets.map((one) =>
    one.people.reduce(
      (sum, { inserted, deleted, entries }) => sum + inserted + deleted + entries,
      0,
    ),
  );
  const most = Math.log1p(Math.max(1, ...sums));
  return (
    <svg
      class="timeline-heat"
      viewBox={`0 0 ${Math.max(1, head)} 100`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {buckets.map((bucket, index) => {
        const height = (Math.log1p(sums[index] ?? 0) / most) * 90;
        let top = 100;
        return bucket.people.map(({ who, inserted, deleted, entries }) => {
          const share = ((inserted + deleted + entries) / (sums[index] || 1)) * height;
          top -= share;
          return (
            <rect
              key={`${bucket.revision} ${who}`}
              x={bucket.revision - size}
              width={size}
              y={top}
              height={share}
              style={{ fill: `var(--person-${colourOf(people[who]?.person ?? "")})` }}
            />
          );
        });
      })}
      {marks
        .filter(({ kind }) => kind !== "pause")
        .map(({ kind, revision, of }) => (
          <line
            key={`${kind} ${revision}`}
            class={`timeline-mark timeline-${kind}`}
            x1={kind === "version" ? (of ?? revision) : revision}
            x2={kind === "version" ? (of ?? revision) : revision}
            y1={0}
            y2={kind === "version" ? 100 : 30}
          />
        ))}
      {messages.map(({ revision }) => (
        <line
          key={`message ${revision}`}
          class="timeline-mark timeline-message"
          x1={revision - size / 2}
          x2={revision - size / 2}
          y1={0}
          y2={15}
        />
      ))}
    </svg>
  );
}
