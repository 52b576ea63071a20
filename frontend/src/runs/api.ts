/** The page's requests about runs. Every call rejects if the answer is missing or an error. */
import { at } from "../base";
import type { Asker } from "../people/asker";
import type { Part, RunState } from "./messages";

interface Listed extends RunState {
  started_at: number;
  ended_at: number | null;
}

interface Piece {
  stream: string;
  text: string;
  author?: string;
  type?: string;
  n?: number;
}

const STREAMS = ["input", "stdout", "stderr", "picture", "test"];

export class Refused extends Error {
  readonly status: number;

  constructor(status: number, words = `The server answers ${status}.`) {
    super(words);
    this.status = status;
  }
}

/** The newest runs of a room, the last one first. */
export async function listRuns(room: string): Promise<RunState[]> {
  const listed = await read<Listed[]>(`/rooms/${room}/runs`);
  return listed.map((run) => ({ ...run, ms: run.ended_at ? run.ended_at - run.started_at : 0 }));
}

/** The chunks that a run has printed so far. */
export async function readOutput(room: string, run: number): Promise<Part[][]> {
  const pieces = await read<Piece[]>(`/rooms/${room}/runs/${run}/output`);
  const chunks: Part[][] = [];
  for (const { stream, text, author, type, n = 1 } of pieces) {
    while (chunks.length < n) chunks.push([]);
    chunks[n - 1]?.push([STREAMS.indexOf(stream), text, author ?? type ?? ""]);
  }
  return chunks;
}

/** A file of a run. An asset has the hash of its bytes in place of a text. */
export interface Source {
  path: string;
  language: string;
  args: string[];
  env: Record<string, string>;
  files: { path: string; text?: string; blob?: string }[];
  tests?: string[] | null;
  limits: { memory: number; cpu: number; output: number; written: number; written_files: number };
}

export function readSource(room: string, run: number): Promise<Source> {
  return read(`/rooms/${room}/runs/${run}/source`);
}

/** The whole input of a run, and whether its end was sent. */
export function readInput(room: string, run: number): Promise<{ text: string; ended: boolean }> {
  return read(`/rooms/${room}/runs/${run}/input`);
}

/** Tells whether the server runs programs: its sandbox, the languages, and why it runs none. */
export function readGround(): Promise<{ rung: string; words: string; languages: string[] }> {
  return read("/runs");
}

/** The ids of the texts of a room at a revision, by path. */
export async function filesAt(room: string, revision: number): Promise<Map<string, string>> {
  type Files = { files: { id: string; path: string; kind: string }[] };
  const { files } = await read<Files>(`/rooms/${room}/files?revision=${revision}`);
  return new Map(files.filter(({ kind }) => kind === "text").map(({ id, path }) => [path, id]));
}

/** The text of a file at a revision. */
export async function textAt(room: string, path: string, revision: number): Promise<string> {
  const answer = await ask(`/rooms/${room}/files/${encoded(path)}?revision=${revision}`);
  return answer.text();
}

/** A file that a run wrote. */
export interface Written {
  path: string;
  /** In bytes. */
  size: number;
  /** Tells whether the server still has it. */
  kept: boolean;
  type: string;
}

export function listWritten(room: string, run: number): Promise<Written[]> {
  return read(`/rooms/${room}/runs/${run}/files`);
}

/** The address of a file that a run wrote. */
export function writtenAt(room: string, run: number, path: string): string {
  return at(`/rooms/${room}/runs/${run}/files/${encoded(path)}`);
}

/** Write a file of a run into the room, in the place of one that has its path. */
export async function takeWritten(
  room: string,
  run: number,
  path: string,
  asker: Asker,
): Promise<void> {
  const body = await (await ask(`/rooms/${room}/runs/${run}/files/${encoded(path)}`)).blob();
  const headers = { ...asker };
  await ask(`/rooms/${room}/files/${encoded(path)}`, { method: "PUT", headers, body });
}

function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

async function read<T>(path: string): Promise<T> {
  return (await ask(path)).json();
}

async function ask(path: string, how?: RequestInit): Promise<Response> {
  const answer = await fetch(at(path), how);
  if (!answer.ok) {
    const { detail } = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, detail);
  }
  return answer;
}
