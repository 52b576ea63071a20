/** The identity of this device in every room: a guest with a friendly name, a colour and a lasting id. */
import { recall, remember } from "./storage";
import { tidyName } from "./ui/names";

export interface Identity {
  /** 32 hex digits; the same in every tab of this device. */
  person: string;
  name: string;
  /** 0..7, an index into the people colours. */
  colour: number;
  /** Tells whether the person chose the colour. A random colour changes if another person has it. */
  chosen: boolean;
}

export const COLOURS = 8;
/** The most code points of a name. */
export const NAME_LIMIT = 40;

const KEY = "collab.identity";

/** The identity that this device keeps, or a new one, which it keeps from now on. */
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

/** Call back when another tab of this device keeps another identity. Returns a function that ends this. */
export function followIdentity(take: (identity: Identity) => void): () => void {
  const hear = ({ key, newValue }: StorageEvent) => {
    const kept = key === KEY ? parse(newValue) : null;
    if (kept) take(kept);
  };
  addEventListener("storage", hear);
  return () => removeEventListener("storage", hear);
}

function parse(text: string | null): Identity | null {
  try {
    const { person, name: kept, colour, chosen } = JSON.parse(text ?? "null") as Partial<Identity>;
    const name = typeof kept === "string" ? tidyName(kept, NAME_LIMIT) : "";
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
