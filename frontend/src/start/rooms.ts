/** The two requests that the start page makes to the REST API. */
import { at } from "../base";
import { loadIdentity } from "../identity";
import { headersOf } from "../people/asker";
import type { Template } from "./templates";

const UNREACHABLE = "Collab cannot be reached. Check your connection and try again.";

/** Create a room of a template and return its id. Throws an Error whose message is for people. */
export async function createRoom(template: Template): Promise<string> {
  const response = await ask("/rooms", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headersOf(loadIdentity()) },
    body: JSON.stringify({ template }),
  });
  if (!response.ok) throw new Error(wordsFor(response.status));
  const { roomId } = (await response.json()) as { roomId: string };
  return roomId;
}

/** Tell whether there is a room with this id. Throws an Error whose message is for people. */
export async function roomExists(id: string): Promise<boolean> {
  const response = await ask(`/rooms/${id}`);
  if (response.status === 404) return false;
  if (!response.ok) throw new Error(wordsFor(response.status));
  return true;
}

async function ask(path: string, request?: RequestInit): Promise<Response> {
  try {
    return await fetch(at(path), request);
  } catch {
    throw new Error(UNREACHABLE);
  }
}

function wordsFor(status: number): string {
  if (status === 429) return "Too many requests just now. Wait a moment and try again.";
  if (status === 502 || status === 503 || status === 504) return UNREACHABLE;
  return `Something went wrong on the server (${status}). Try again in a moment.`;
}
