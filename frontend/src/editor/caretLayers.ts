/** Draws the carets and selections of other people on separate layers, never in the editable text. */
import { EditorSelection, type Extension } from "@codemirror/state";
import { EditorView, type LayerMarker, layer, RectangleMarker, ViewPlugin } from "@codemirror/view";
import type { ClientId } from "../link/protocol";
import { type Caret, carets, type Peer, peers, redrawCarets } from "./carets";

export function extension(): Extension {
  return [caretLayer(), selectionLayer(), sideways, style];
}

/** Redraws carets after sideways scrolling, because a flag near the right edge points left. */
const sideways = ViewPlugin.define(({ scrollDOM }) => ({ left: scrollDOM.scrollLeft }), {
  eventObservers: {
    scroll(_event, view) {
      const { scrollLeft } = view.scrollDOM;
      if (scrollLeft === this.left) return;
      this.left = scrollLeft;
      if (view.state.field(carets).size > 0) view.dispatch({ effects: redrawCarets.of(null) });
    },
  },
});

function caretLayer(): Extension {
  return layer({
    above: true,
    class: "cm-peerCarets",
    update: changed,
    markers: (view) =>
      onTop(drawn(view)).flatMap(([client, who, { ranges, movedAt }, under]) =>
        ranges.flatMap(([, head], index) => {
          const flagged = index === 0 ? movedAt : 0;
          const marker = CaretMarker.at(view, head, client, who, flagged, under);
          return marker ? [marker] : [];
        }),
      ),
  });
}

function selectionLayer(): Extension {
  return layer({
    above: false,
    class: "cm-peerSelections",
    update: changed,
    markers: (view) =>
      drawn(view).flatMap(([, who, { ranges }]) =>
        ranges
          .filter(([anchor, head]) => anchor !== head)
          .flatMap(([anchor, head]) => {
            const range = EditorSelection.range(anchor, head);
            const className = `cm-peerSelection cm-peer-${who.colour}`;
            return RectangleMarker.forRange(view, className, range);
          }),
      ),
  });
}

function changed({ docChanged, selectionSet, startState, state, transactions }: Update): boolean {
  return (
    docChanged ||
    selectionSet ||
    startState.field(carets) !== state.field(carets) ||
    // These attributes include the setting that always shows flags.
    startState.facet(EditorView.editorAttributes) !== state.facet(EditorView.editorAttributes) ||
    transactions.some(({ effects }) => effects.some((effect) => effect.is(redrawCarets)))
  );
}

type Update = Parameters<Parameters<typeof layer>[0]["update"]>[0];

type Drawn = readonly [ClientId, Peer, Caret];

/**
 * Add to each caret the number of other carets at the same place. Only the caret that moved last shows
 * its flag there, with this number; the carets under it get -1.
 */
function onTop(all: readonly Drawn[]): (readonly [...Drawn, number])[] {
  const head = ([, , { ranges }]: Drawn) => ranges[0]?.[1];
  return all.map((one) => {
    const here = all.filter((other) => head(other) === head(one));
    const last = here.reduce((a, b) => (b[2].movedAt >= a[2].movedAt ? b : a));
    return [...one, one === last ? here.length - 1 : -1] as const;
  });
}

function drawn({ state }: EditorView) {
  const peer = state.facet(peers);
  return [...state.field(carets)].flatMap(([client, caret]) => {
    const who = peer(client);
    return who ? [[client, who, caret] as const] : [];
  });
}

/** The time that a flag stays visible after its person did something, and the time it fades, in ms. */
const SEEN = 3000;
const FADE = 300;
/**
 * The largest width of a flag, and the distance from the right edge within which a flag points left, in
 * ems of the code.
 */
const WIDEST = 10;
const EDGE = 11;

class CaretMarker implements LayerMarker {
  readonly client: ClientId;
  readonly who: Peer;
  /** The time when the flag was raised, in ms since 1970; 0 for a caret without a flag. */
  readonly flaggedAt: number;
  readonly box: RectangleMarker;
  /**
   * The classes that place the flag. "After" puts it after the end of the line, where it would cover
   * letters above the caret; "Beside" is for the first line, which has no room above; "Left" is for the
   * right edge; "Faint" is for the line where the person here types; "Under" is for a caret under
   * another caret's flag.
   */
  readonly sides: string;
  /** The distance in px from the caret to the flag after the end of the line. */
  readonly after: number;
  /** The number of other carets under this one. */
  readonly under: number;

  private constructor(
    client: ClientId,
    who: Peer,
    flaggedAt: number,
    box: RectangleMarker,
    sides: string,
    after: number,
    under: number,
  ) {
    this.client = client;
    this.who = { ...who };
    this.flaggedAt = flaggedAt;
    this.box = box;
    this.sides = sides;
    this.after = after;
    this.under = under;
  }

  static at(
    view: EditorView,
    head: number,
    client: ClientId,
    who: Peer,
    flaggedAt: number,
    under: number,
  ) {
    const { from, to } = view.viewport;
    if (head < from || head > to) return null;
    const [box] = RectangleMarker.forRange(view, "", EditorSelection.cursor(head));
    if (!box) return null;
    const { clientWidth, scrollLeft } = view.scrollDOM;
    const { doc, selection } = view.state;
    const line = doc.lineAt(head).number;
    const own = doc.lineAt(selection.main.head).number;
    const edge = EDGE * Number.parseFloat(getComputedStyle(view.scrollDOM).fontSize);
    const after = isSeen(view, flaggedAt) ? clearAfter(view, head) : 0;
    const sides = [
      after > 0 && " cm-peerAfter",
      after === 0 && line === 1 && " cm-peerBeside",
      after === 0 && box.left - scrollLeft > clientWidth - edge && " cm-peerLeft",
      // The flag covers the line above the caret, or the caret's own line.
      (line === own || (after === 0 && line === own + 1)) && " cm-peerFaint",
      under < 0 && " cm-peerUnder",
    ];
    const shown = sides.filter(Boolean).join("");
    return new CaretMarker(client, who, flaggedAt, box, shown, after, Math.max(under, 0));
  }

  eq(other: CaretMarker): boolean {
    return (
      this.client === other.client &&
      this.who.name === other.who.name &&
      this.who.colour === other.who.colour &&
      this.flaggedAt === other.flaggedAt &&
      this.sides === other.sides &&
      this.after === other.after &&
      this.under === other.under &&
      this.box.eq(other.box)
    );
  }

  draw(): HTMLElement {
    const caret = document.createElement("div");
    caret.append(document.createElement("div"));
    this.#show(caret);
    this.#raise(caret);
    return caret;
  }

  update(caret: HTMLElement, before: LayerMarker): boolean {
    if (!(before instanceof CaretMarker) || before.client !== this.client) return false;
    this.#show(caret);
    if (before.flaggedAt !== this.flaggedAt) this.#raise(caret);
    return true;
  }

  #show(caret: HTMLElement): void {
    const { left, top, height } = this.box;
    caret.className = `cm-peerCaret cm-peer-${this.who.colour}${this.sides}`;
    caret.style.left = `${left}px`;
    caret.style.top = `${top}px`;
    caret.style.height = `${height}px`;
    const flag = caret.firstElementChild as HTMLElement;
    flag.className = "cm-peerFlag";
    flag.style.marginLeft = this.after > 0 ? `${this.after}px` : "";
    flag.textContent = this.who.name;
    if (this.under > 0) flag.dataset.under = `+${this.under}`;
    else delete flag.dataset.under;
  }

  /**
   * Show the flag and let it fade by an animation instead of a style: an animation runs by itself, also
   * where motion is reduced.
   */
  #raise(caret: HTMLElement): void {
    const flag = caret.firstElementChild as HTMLElement;
    for (const animation of flag.getAnimations()) animation.cancel();
    const since = Date.now() - this.flaggedAt;
    if (since >= SEEN + FADE) return;
    const frames = [{ opacity: 1 }, { opacity: 1, offset: SEEN / (SEEN + FADE) }, { opacity: 0 }];
    flag.animate(frames, SEEN + FADE).currentTime = since;
  }
}

/** Tell whether a flag that was raised at `flaggedAt` is still visible. */
function isSeen(view: EditorView, flaggedAt: number): boolean {
  const always = view.dom.dataset.carets === "always";
  return flaggedAt > 0 && (always || Date.now() - flaggedAt < SEEN + FADE);
}

/**
 * Return the distance in px from a caret to a little beyond the end of its line, if a flag over the
 * caret would cover letters of the line above and a flag after the end covers none. Returns 0
 * otherwise.
 */
function clearAfter(view: EditorView, head: number): number {
  const line = view.state.doc.lineAt(head);
  const caret = view.coordsAtPos(head);
  const end = view.coordsAtPos(line.to);
  // The end of a wrapped line is on another row.
  if (!caret || !end || Math.abs(end.top - caret.top) > 2) return 0;
  const above = line.from > 0 ? view.coordsAtPos(line.from - 1) : null;
  if (above && above.left <= caret.left) return 0;
  const size = Number.parseFloat(getComputedStyle(view.scrollDOM).fontSize);
  const after = Math.max(end.left - caret.left, 0) + size / 2;
  const right = view.scrollDOM.getBoundingClientRect().right;
  return caret.left + after + WIDEST * size > right ? 0 : after;
}

const COLOURS = 8;

const style = EditorView.baseTheme({
  ".cm-peerCaret": {
    width: "max(2px, calc(var(--code-size) * 0.11))",
    marginLeft: "-1px",
    background: "var(--peer)",
    fontSize: "var(--code-size)",
    pointerEvents: "none",
  },
  ".cm-peerFlag": {
    position: "absolute",
    bottom: "100%",
    left: "0",
    maxWidth: `calc(var(--code-size) * ${WIDEST})`,
    overflow: "hidden",
    padding: "0.1em 0.45em",
    borderRadius: "3px 3px 3px 0",
    background: "var(--peer)",
    color: "var(--person-ink)",
    font: "600 max(10px, calc(var(--code-size) * 0.78))/1.4 var(--sans)",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    opacity: "0",
  },
  ".cm-peerFlag[data-under]::after": { content: '" " attr(data-under)' },
  ".cm-peerLeft .cm-peerFlag": { left: "auto", right: "0" },
  ".cm-peerBeside .cm-peerFlag": {
    bottom: "auto",
    top: "0",
    left: "100%",
    borderRadius: "0 3px 3px 0",
  },
  ".cm-peerAfter .cm-peerFlag": { bottom: "auto", top: "0", borderRadius: "3px" },
  ".cm-peerBeside.cm-peerLeft .cm-peerFlag": {
    left: "auto",
    right: "100%",
    borderRadius: "3px 0 0 3px",
  },
  // Use a filter, because the animation sets the opacity.
  ".cm-peerFaint .cm-peerFlag": { filter: "opacity(0.25)" },
  ".cm-peerUnder .cm-peerFlag": { visibility: "hidden" },
  "&[data-carets=always] .cm-peerFlag": { opacity: "1" },
  "&[data-carets=never]": { "& .cm-peerCarets, & .cm-peerSelections": { display: "none" } },
  ".cm-peerSelection": { background: "color-mix(in srgb, var(--peer) 22%, transparent)" },
  ...Object.fromEntries(
    Array.from({ length: COLOURS }, (_, colour) => [
      `.cm-peer-${colour}`,
      { "--peer": `var(--person-${colour})` },
    ]),
  ),
});
