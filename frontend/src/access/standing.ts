/** Tells what the person here may do in a room, and the words for it. */
import type { Role, Standing } from "../link/protocol";

export const ROLES: readonly Role[] = ["viewer", "commenter", "editor", "owner"];

/** Return the standing that `joined` or `access` tells, with the values that they leave out. */
export function standingOf(message: object): Standing {
  return { role: "editor", open: "editor", locked: false, owned: false, ...picked(message) };
}

function picked({ role, open, locked, owned }: Partial<Standing>): Partial<Standing> {
  return {
    ...(role && { role }),
    ...(open && { open }),
    ...(locked && { locked }),
    ...(owned && { owned }),
  };
}

export function mayWrite({ role }: Pick<Standing, "role">): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf("editor");
}

/** Tells whether the person here may chat and comment. */
export function mayTalk({ role }: Pick<Standing, "role">): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf("commenter");
}

/** One sentence that says who can do what. */
export function sentenceOf({ open, locked }: Standing): string {
  if (locked && open !== "none" && open !== "ask") {
    return "The room is locked: anyone with the link can read, and only the owner can write.";
  }
  if (locked) return "The room is locked: members can read, and only the owner can write.";
  switch (open) {
    case "editor":
      return "Anyone with the link can read and write here.";
    case "viewer":
      return "Anyone with the link can read here. Members write as their roles allow.";
    case "ask":
      return "Anyone with the link can ask to be let in.";
    case "none":
      return "Only members can enter. The link alone lets nobody in.";
  }
}

/** Why the person here cannot type. */
export function whyNot({ locked, role }: Standing): string {
  if (locked) return "The room is locked: everybody only watches.";
  return `You are a ${role} here: you can read, copy and follow.`;
}

/** Tells whether the person here may ask the owner for the right to edit. */
export function mayAsk(standing: Standing): boolean {
  return !mayWrite(standing) && !standing.locked && standing.owned;
}

/** Tells whether a link that gives a role gives no more than the address of the room does. */
export function isPointless(role: Role, { open }: Standing): boolean {
  return ROLES.includes(open as Role) && ROLES.indexOf(role) <= ROLES.indexOf(open as Role);
}

/** Return in words how often a link was used, and until when it works. */
export function limitsOf(
  { uses, most, expires_at }: { uses: number; most: number | null; expires_at: string | null },
  now = Date.now(),
): string {
  const used =
    most === null
      ? uses === 0
        ? "not used yet"
        : `used ${uses === 1 ? "once" : `${uses} times`}`
      : `used ${uses} of ${most} times`;
  if (expires_at === null) return used;
  const until = new Date(expires_at);
  if (until.getTime() <= now) return `${used}, expired`;
  const day = until.toLocaleDateString("en", { day: "numeric", month: "short" });
  const time = until.toLocaleTimeString("en", {
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
  return `${used}, until ${day}, ${time}`;
}
