/** The requests about accounts. Each throws an Error whose message is for people. */
import { at } from "../base";

export interface Me {
  id: string;
  kind: "account" | "guest";
  name: string | null;
  email: string | null;
  email_confirmed: boolean;
  /** Tells whether the account has a password. */
  password: boolean;
  admin: boolean;
}

export interface Session {
  id: string;
  label: string;
  created_at: number;
  seen_at: number;
  expires_at: number;
  scopes: string[];
  current: boolean;
}

export interface MyRoom {
  room_id: string;
  title: string | null;
  opened_at: number;
  updated_at: number;
  trashed_at: number | null;
  people: string[];
}

/** A message that mentions the own account. */
export interface Mention {
  room_id: string;
  number: number;
  title: string | null;
  author: string;
  at: number;
  text: string;
  /** 0 in the chat. */
  thread: number;
  seen: boolean;
}

export interface Ways {
  sign_up: "open" | "invited" | "domains" | "closed";
  domains: string[];
  mails: boolean;
  issuers: string[];
  passkeys: boolean;
}

export interface Account {
  id: string;
  name: string;
  email: string | null;
  admin: boolean;
  disabled: boolean;
  confirmed: boolean;
  created_at: number;
  seen_at: number | null;
  rooms: number;
}

export interface RoomRow {
  start: string;
  title: string | null;
  revision: number;
  created_at: number;
  updated_at: number;
}

export interface AuditRow {
  id: number;
  at: number;
  actor: string | null;
  account: string | null;
  what: string;
  network: string;
}

/** A refusal of the server, with its stable code. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, words: string) {
    super(words);
    this.status = status;
    this.code = code;
  }
}

const UNREACHABLE = "Collab cannot be reached. Check your connection and try again.";

/** Ask the server. Resolves to the JSON of its answer, or to undefined where it has none. */
export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const request: RequestInit = { method };
  if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers = { "Content-Type": "application/json" };
  }
  let answer: Response;
  try {
    answer = await fetch(at(path), request);
  } catch {
    throw new Error(UNREACHABLE);
  }
  const text = await answer.text();
  if (answer.ok) return (text ? JSON.parse(text) : undefined) as T;
  throw refusal(answer.status, text);
}

function refusal(status: number, text: string): Error {
  try {
    const { detail, extra } = JSON.parse(text) as { detail: string; extra?: { code?: string } };
    if (status < 500) return new Refused(status, extra?.code ?? "", detail);
  } catch {
    // A proxy's own page.
  }
  return status < 500 || status === 501
    ? new Refused(status, "", `The server refused this (${status}).`)
    : new Error(UNREACHABLE);
}
