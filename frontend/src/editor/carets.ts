/** Where the carets and selections of the others are. `caretLayers.ts` draws them. */
import {
  type ChangeDesc,
  type EditorState,
  type Extension,
  Facet,
  StateEffect,
  StateField,
  type Transaction,
} from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { ClientId, Selection } from "../link/protocol";
import { toOffset } from "./astral";
import { exactChanges } from "./bulk";

/** Whose caret it is. */
export interface Peer {
  name: string;
  /** 0..7, an index into the people colours. */
  colour: number;
}

export interface Caret {
  /** [anchor, head] as offsets, the main one first. */
  ranges: readonly (readonly [number, number])[];
  /** When the person last did something, in ms since 1970. */
  movedAt: number;
}

/** Somebody's selections in the text as it is after the transaction, in code points; none: gone. */
export const moveCaret = StateEffect.define<{
  client: ClientId;
  selections: readonly Selection[];
}>();

/** Draw again: a name or a colour has changed. */
export const redrawCarets = StateEffect.define<null>();

type Who = (client: ClientId) => Peer | undefined;

/** Tells who a client is; who is unknown is not drawn. */
export const peers = Facet.define<Who, Who>({
  combine: ([first]) => first ?? (() => undefined),
});

/** Keeps where the others are. One of the `extras` draws it. */
export function remoteCarets(peer: Who): Extension {
  return [carets, peers.of(peer)];
}

/** The main head of a client's caret, as an offset. */
export function caretOf(state: EditorState, client: ClientId): number | null {
  return state.field(carets).get(client)?.ranges[0]?.[1] ?? null;
}

/** Bring a client's caret into view, with its flag. */
export function revealCaret(
  view: EditorView,
  client: ClientId,
  y: "center" | "nearest" = "center",
): void {
  const head = caretOf(view.state, client);
  if (head === null) return;
  view.dispatch({
    effects: [flag.of(client), EditorView.scrollIntoView(head, { y, yMargin: MARGIN })],
  });
}

/** px between a caret that is kept in view and the edge. */
const MARGIN = 48;

const flag = StateEffect.define<ClientId>();

export const carets = StateField.define<ReadonlyMap<ClientId, Caret>>({
  create: () => new Map(),
  update(before, transaction) {
    let after = before;
    if (transaction.docChanged && before.size > 0) {
      const changes = exactChanges(transaction);
      const moved = ([client, caret]: [ClientId, Caret]) =>
        [client, carried(caret, changes)] as const;
      after = new Map([...before].map(moved));
    }
    for (const effect of transaction.effects) {
      if (effect.is(moveCaret)) {
        const { client, selections } = effect.value;
        after = set(after, client, placed(transaction, selections));
      } else if (effect.is(flag)) {
        const caret = after.get(effect.value);
        if (caret) after = set(after, effect.value, { ...caret, movedAt: Date.now() });
      }
    }
    return after;
  },
});

/** A caret stays left of what is inserted at it. */
function carried(caret: Caret, changes: ChangeDesc): Caret {
  const map = (offset: number) => changes.mapPos(offset, -1);
  return { ...caret, ranges: caret.ranges.map(([anchor, head]) => [map(anchor), map(head)]) };
}

function placed({ state }: Transaction, selections: readonly Selection[]): Caret | null {
  if (selections.length === 0) return null;
  const offset = (position: number) => toOffset(state, position);
  const ranges = selections.map(([anchor, head]) => [offset(anchor), offset(head)] as const);
  return { ranges, movedAt: Date.now() };
}

function set<K, V>(map: ReadonlyMap<K, V>, key: K, value: V | null): ReadonlyMap<K, V> {
  if (value === null && !map.has(key)) return map;
  const copy = new Map(map);
  if (value === null) copy.delete(key);
  else copy.set(key, value);
  return copy;
}
