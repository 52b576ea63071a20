/** The rows of the chat, in order: days, people with the messages that they sent in one go, and events. */
import type { Message } from "./messages";

/** Something that happened in the room. The page tells it; nobody can say it. */
export interface Happening {
  id: number;
  at: number;
  words: string;
}

export type Item =
  | { kind: "day"; key: string; words: string }
  | { kind: "unread"; key: string }
  | { kind: "group"; key: string; head: Message; messages: Message[] }
  | { kind: "happening"; key: string; words: string };

/** Messages of a person belong together if less time than this has passed between them. ms. */
const TOGETHER = 5 * 60_000;

export function timeline(
  messages: readonly Message[],
  happenings: readonly Happening[],
  { unreadAfter, now }: { unreadAfter: number | null; now: number },
): Item[] {
  const items: Item[] = [];
  let day = "";
  let told = 0;
  const first = messages[0]?.at ?? Number.NEGATIVE_INFINITY;
  const shown = happenings.filter(({ at }) => at >= first || messages.length < 50);
  const toDay = (at: number) => {
    const words = dayOf(at, now);
    if (words !== day) items.push({ kind: "day", key: `day ${words}`, words });
    day = words;
  };
  const tellUntil = (at: number) => {
    for (; told < shown.length && (shown[told] as Happening).at < at; told++) {
      const { id, words, at: when } = shown[told] as Happening;
      toDay(when);
      items.push({ kind: "happening", key: `happening ${id}`, words });
    }
  };
  let marked = unreadAfter === null;
  for (const message of messages) {
    tellUntil(message.at);
    toDay(message.at);
    if (!marked && message.number > (unreadAfter ?? 0)) {
      items.push({ kind: "unread", key: "unread" });
      marked = true;
    }
    const last = items.at(-1);
    if (last?.kind === "group" && belongs(last, message)) last.messages.push(message);
    else {
      const key = `group ${message.number}`;
      items.push({ kind: "group", key, head: message, messages: [message] });
    }
  }
  tellUntil(Number.POSITIVE_INFINITY);
  return items;
}

function belongs(
  { head, messages }: { head: Message; messages: Message[] },
  next: Message,
): boolean {
  const last = messages.at(-1) ?? head;
  return head.who === next.who && head.author === next.author && next.at - last.at < TOGETHER;
}

/** "Today", "Yesterday", or the date. */
export function dayOf(at: number, now: number): string {
  const start = new Date(now).setHours(0, 0, 0, 0);
  if (at >= start) return "Today";
  if (at >= start - 86_400_000) return "Yesterday";
  const date = new Date(at);
  const year = date.getFullYear() === new Date(now).getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString("en", { weekday: "long", day: "numeric", month: "long", year });
}

export function clock(at: Date): string {
  return at.toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hour12: false });
}

/**
 * The names of authors, by `who`. Where two people have names that look the same, a part of `who` tells them
 * apart: nobody can be taken for another.
 */
export function namesOf(messages: readonly Pick<Message, "who" | "author">[]): Map<string, string> {
  const people = new Map<string, Set<string>>();
  for (const { who, author } of messages) {
    const look = lookOf(author);
    people.set(look, (people.get(look) ?? new Set()).add(who));
  }
  const marks = new Map<string, string>();
  for (const whos of people.values()) {
    if (whos.size < 2) continue;
    for (const who of whos) marks.set(who, who.replace(/[^A-Za-z0-9]/g, "").slice(0, 4));
  }
  return marks;
}

/** Letters of other scripts, each before the Latin one that it looks like. */
const ALIKE =
  "АA ВB ЕE КK МM НH ОO РP СC ТT УY ҮY ХX ЅS ІI ӀI ЈJ ԌG ԚQ ԜW аa ᴀa ɑa еe ҽe кk оo рp сc уy үy хx " +
  "ѕs іi ӏi јj ԁd һh ԛq ԝw ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ϹC αa γy ηn κk νv οo ρp υu χx " +
  "ϲc ɡg ոn օo սu հh";
const LATIN = new Map(ALIKE.split(" ").map((pair) => [pair.charAt(0), pair.charAt(1)]));

/** Names with the same look are easily taken for one another. */
function lookOf(name: string): string {
  return [...name.normalize("NFKD").replace(/\p{M}/gu, "")]
    .map((letter) => LATIN.get(letter) ?? letter)
    .join("")
    .toLowerCase()
    .replace(/0/g, "o")
    .replace(/[ι1l|]/gu, "i")
    .replace(/[\s\p{P}]/gu, "");
}
