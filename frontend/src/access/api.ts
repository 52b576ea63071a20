/** The requests about who may do what. Each throws an Error whose message is for people. */
import { at } from "../base";
import type { Role, Standing } from "../link/protocol";

export interface Member {
  who: string;
  role: Role | "none";
  name: string | null;
}

export interface RoleLink {
  id: string;
  role: Role;
  expires_at: string | null;
  most: number | null;
  uses: number;
}

export interface Waiter {
  who: string;
  name: string;
}

export type State = "waiting" | "let_in" | "turned_away" | "not_asked";

const UNREACHABLE = "The server does not answer. Try again.";

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const request: RequestInit = { method };
  if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers = { "Content-Type": "application/json" };
  }
  const answer = await fetch(at(path), request).catch(() => {
    throw new Error(UNREACHABLE);
  });
  const text = await answer.text();
  if (answer.ok) return (text ? JSON.parse(text) : undefined) as T;
  throw new Error(wordsOf(text));
}

function wordsOf(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    if (typeof detail === "string") return detail;
  } catch {
    // A proxy has answered.
  }
  return UNREACHABLE;
}

export function doorsOf(room: string) {
  const path = `/rooms/${room}`;
  return {
    regulate: (door: Partial<Pick<Standing, "open" | "locked">>) =>
      ask<void>("PATCH", `${path}/access`, door),
    members: () => ask<Member[]>("GET", `${path}/members`),
    addMember: (name: string, role: Role) => ask<void>("POST", `${path}/members`, { name, role }),
    setRole: (who: string, role: Role | "none", name: string | null) =>
      ask<void>("PUT", `${path}/members/${who}`, { role, name }),
    forget: (who: string) => ask<void>("DELETE", `${path}/members/${who}`),
    links: () => ask<RoleLink[]>("GET", `${path}/links`),
    makeLink: (role: Role, expires_in: number | null, uses: number | null) =>
      ask<RoleLink & { secret: string }>("POST", `${path}/links`, { role, expires_in, uses }),
    revoke: (link: string) => ask<void>("DELETE", `${path}/links/${link}`),
    waiting: () => ask<Waiter[]>("GET", `${path}/waiting`),
    answer: (who: string, role: Role | "none") =>
      ask<void>("PUT", `${path}/waiting/${who}`, { role }),
    knock: (name: string) => ask<{ state: State }>("POST", `${path}/waiting`, { name }),
    state: () => ask<{ state: State }>("GET", `${path}/waiting/mine`),
    enter: (secret: string) => ask<{ role: Role }>("POST", `${path}/enter`, { secret }),
  };
}
