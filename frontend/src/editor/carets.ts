/** Keeps the positions of other people's carets and selections. `caretLayers.ts` draws them. */
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

/** The person that a caret belongs to. */
export interface Peer {
  name: string;
  /** An index into the people colours, 0..7. */
  colour: number;
}

export interface Caret {
  /** The ranges as [anchor, head] offsets, the main one first. */
  ranges: readonly (readonly [number, number])[];
  /** The time when the person last did something, in ms since 1970. */
  movedAt: number;
}

/**
 * Sets a client's selections in the text after the transaction, in code points. An empty list removes
 * the client's caret.
 */
export const moveCaret = StateEffect.define<{
  client: ClientId;
  selections: readonly Selection[];
}>();

/** Draws the carets again after a name or a colour has changed. */
export const redrawCarets = StateEffect.define<null>();

type Who = (client: ClientId) => Peer | undefined;

/** Tells the person behind a client. Carets of unknown clients are not drawn. */
export const peers = Facet.define<Who, Who>({
  combine: ([first]) => first ?? (() => undefined),
});

/** Keep the positions of other people's carets. One of the `extras` draws them. */
export function remoteCarets(peer: Who): Extension {
  return [carets, peers.of(peer)];
}

/** Return the offset of the main head of a client's caret. */
export function caretOf(state: EditorState, client: ClientId): number | null {
  return state.field(carets).get(client)?.ranges[0]?.[1] ?? null;
}

/** Scroll a client's caret and its flag into view. */
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

/** The distance in px between the edge and a caret that is kept in view. */
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

/** Move a caret along with changes. It stays left of text that is inserted at it. */
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
