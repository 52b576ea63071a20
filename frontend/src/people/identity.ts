/** Who this device is in every room: a guest with a friendly name, a colour and a lasting id. */
import { recall, remember } from "../storage";

export interface Identity {
  /** 32 hex digits; the same in every tab of this device. */
  person: string;
  name: string;
  /** 0..7, an index into the people colours. */
  colour: number;
  /** Whether the person chose the colour: one that chance chose gives way where somebody has it. */
  chosen: boolean;
}

export const COLOURS = 8;
/** Code points in a name, at most. */
export const NAME_LIMIT = 40;

const KEY = "collab.identity";

/** The identity kept on this device, or a new one that is kept from now on. */
export function loadIdentity(): Identity {
  const kept = parse(recall(KEY));
  if (kept) return kept;
  const fresh = newIdentity();
  saveIdentity(fresh);
  return fresh;
}

export function saveIdentity(identity: Identity): void {
  remember(KEY, JSON.stringify(identity));
}

/** Tells of the identity that another tab of this device has kept; returns what ends that. */
export function followIdentity(take: (identity: Identity) => void): () => void {
  const hear = ({ key, newValue }: StorageEvent) => {
    const kept = key === KEY ? parse(newValue) : null;
    if (kept) take(kept);
  };
  addEventListener("storage", hear);
  return () => removeEventListener("storage", hear);
}

/** Whether `tidyName` would cut this. */
export function isTooLong(text: string, limit: number): boolean {
  return [...tidyName(text, Number.POSITIVE_INFINITY)].length > limit;
}

/** Letters and marks that are not seen. */
const BLANK =
  /\u034f|\u115f|\u1160|\u17b4|\u17b5|\u180b|\u180c|\u180d|\u180f|\u2800|\u3164|\uffa0/gu;
/** A selector makes an emoji of a sign; after a letter it is not seen. */
const SELECTOR = /(^|[\p{L}\p{N}\s])[\ufe00-\ufe0f]+/gu;

/**
 * One line of at most `limit` code points without spaces around it; "" when nothing is left.
 * The server takes no name in which anything is not seen: `check_name` keeps the same rule.
 */
export function tidyName(text: string, limit = NAME_LIMIT): string {
  const seen = text.replace(BLANK, " ").replace(SELECTOR, "$1 ");
  const line = seen.replace(/[\p{C}\p{Z}\s]+/gu, " ").trim();
  return [...line].slice(0, limit).join("").trim();
}

/** One or two letters that stand for a name: "Quiet Otter" gives "QO". */
export function initials(name: string): string {
  const letters = name.split(/\s+/).flatMap((word) => [...word].slice(0, 1));
  return letters.slice(0, 2).join("").toUpperCase() || "?";
}

function parse(text: string | null): Identity | null {
  try {
    const { person, name: kept, colour, chosen } = JSON.parse(text ?? "null") as Partial<Identity>;
    const name = typeof kept === "string" ? tidyName(kept) : "";
    const valid =
      typeof person === "string" &&
      /^[0-9a-f]{32}$/.test(person) &&
      name !== "" &&
      typeof colour === "number" &&
      Number.isInteger(colour) &&
      colour >= 0 &&
      colour < COLOURS;
    return valid ? { person, name, colour, chosen: chosen === true } : null;
  } catch {
    return null;
  }
}

function newIdentity(): Identity {
  // getRandomValues, since randomUUID is missing on plain HTTP outside localhost.
  const bytes = crypto.getRandomValues(new Uint8Array(19));
  const [first = 0, second = 0, colour = 0] = bytes.subarray(16);
  return {
    person: Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join(
      "",
    ),
    name: `${MOODS[first % MOODS.length]} ${ANIMALS[second % ANIMALS.length]}`,
    colour: colour % COLOURS,
    chosen: false,
  };
}

// Thirty-two of each, so that a random byte picks evenly.
const MOODS =
  "Bold Brave Bright Brisk Calm Cheerful Clever Curious Daring Eager Fair Gentle Glad Happy Honest Jolly Keen Kind Lively Lucky Mellow Merry Nimble Patient Playful Proud Quick Quiet Steady Sunny Swift Witty".split(
    " ",
  );
const ANIMALS =
  "Badger Beaver Bison Crane Deer Dolphin Falcon Finch Fox Gecko Hare Heron Ibis Jackdaw Koala Lark Lemur Lynx Marten Moose Newt Otter Owl Panda Penguin Plover Puffin Raven Robin Seal Swan Tapir".split(
    " ",
  );
