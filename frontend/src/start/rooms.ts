/** The two requests that the start page makes to the REST API. */
import { at } from "../base";
import type { KnownLanguage } from "../ui/languages";

const UNREACHABLE = "Collab cannot be reached. Check your connection and try again.";

/** Create a room and return its id. Throws an Error whose message is for people. */
export async function createRoom(language: KnownLanguage): Promise<string> {
  const response = await ask("/rooms", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ language }),
  });
  if (!response.ok) throw new Error(wordsFor(response.status));
  const { roomId } = (await response.json()) as { roomId: string };
  return roomId;
}

/** Whether there is a room with this id. Throws an Error whose message is for people. */
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
