/**
 * Runs a program in this page, for a server without a sandbox. The program is in a frame that is a site of its
 * own, with a policy that lets it ask for nothing; all it needs goes in as messages. What it does goes to the
 * server, one message at a time, and from there to everybody.
 */
import { at } from "../../base";
import type { RoomContext } from "../../feature";
import { readSource } from "../api";
import type { PlayMessage } from "../messages";
import javascript from "./javascript?worker&url";
import {
  type Asked,
  type End,
  type Order,
  PYTEST,
  type Start,
  type Stream,
  type Told,
} from "./order";
import { PYTHON } from "./pyodide";
import python from "./python?worker&url";
import relay from "./relay?worker&url";

/** The most characters of output, or of a file in base64, in one message. */
const LONGEST = 48_000;
/** The most pieces in one message. */
const MOST_PIECES = 60;

/** The time in ms in which a frame has to end its program. */
const PATIENCE = 500;

const playing = new Map<string, Playing>();

/** Take a message of the server about a program of this page. */
export function play(room: RoomContext, message: PlayMessage): void {
  const key = `${room.id} ${message.run}`;
  let known = playing.get(key);
  if (!known) {
    if (message.stop) return;
    known = new Playing(room, message.run, () => playing.delete(key));
    playing.set(key, known);
    // A program that another page began has gone with that page.
    if (message.n) known.end({ reason: "lost" });
    else void known.begin();
  }
  known.take(message);
}

/** A piece of output, or of a file that the program wrote, with its path and size. */
interface Piece {
  stream: Stream;
  text: string;
  file?: [path: string, size: number];
}

interface Played {
  parts: [stream: number, text: string][];
  files: [path: string, size: number, piece: string][];
  waiting?: boolean;
  ended?: End;
}

class Playing {
  readonly #room: RoomContext;
  readonly #run: number;
  readonly #over: () => void;
  readonly #frame = document.createElement("iframe");
  #port: MessagePort | null = null;
  #given = 0;
  #inputEnded = false;
  /** Messages for the program, which are sent once it has started. */
  readonly #early: Asked[] = [];

  // Output that the server has not been sent yet.
  #pieces: Piece[] = [];
  #waiting: boolean | null = null;
  #ended: End | null = null;
  /** The message that was sent and is not taken yet, and its number. */
  #flying: Played | null = null;
  #n = 0;

  constructor(room: RoomContext, run: number, over: () => void) {
    this.#room = room;
    this.#run = run;
    this.#over = over;
  }

  async begin(): Promise<void> {
    this.#waiting = false;
    this.#next();
    try {
      const source = await readSource(this.#room.id, this.#run);
      const isPython = source.language === "python";
      const [between, program, brought, files] = await Promise.all([
        text(relay),
        text(isPython ? python : javascript),
        isPython ? bytes(source.tests ? { ...PYTHON, [PYTEST]: at("/runs/pytest") } : PYTHON) : {},
        this.#files(source.files),
      ]);
      if (this.#ended) return;
      this.#open({ relay: between, program, order: { ...source, files }, brought });
    } catch (error) {
      this.end({ reason: "failed", words: `it could not be fetched: ${error}` });
    }
  }

  take({ n = 0, input, end = false, stop = false }: PlayMessage): void {
    if (n === this.#n && this.#flying) {
      const last = this.#flying.ended;
      this.#flying = null;
      if (last) {
        this.#leave();
        return;
      }
    } else if (this.#flying && n === this.#n - 1 && input !== undefined) {
      // It was on its way when the connection broke.
      this.#send();
    }
    const more = input?.slice(this.#given) ?? "";
    this.#given += more.length;
    if (more || end !== this.#inputEnded) this.#ask({ input: more, end });
    this.#inputEnded = end;
    if (stop) this.#stop();
    else this.#next();
  }

  /** Tell the server that the program has ended, unless it has. */
  end(end: End): void {
    this.#ended ??= end;
    this.#frame.remove();
    this.#next();
  }

  #stop(): void {
    this.#ask({ stop: true });
    // The frame can be taken away whatever it does.
    setTimeout(() => this.end({ reason: "stopped" }), this.#port ? PATIENCE : 0);
  }

  #ask(asked: Asked): void {
    if (this.#port) this.#port.postMessage(asked);
    else this.#early.push(asked);
  }

  async #files(files: { path: string; text?: string; blob?: string }[]): Promise<Order["files"]> {
    const read = async ({ path, text, blob }: (typeof files)[0]) => {
      if (blob === undefined) return { path, body: text ?? "" };
      const answer = await fetch(at(`/rooms/${this.#room.id}/blobs/${blob}`));
      return { path, body: new Uint8Array(await answer.arrayBuffer()) };
    };
    return Promise.all(files.map(read));
  }

  #open(start: Start): void {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<Told>) => this.#hear(data);
    this.#frame.setAttribute("sandbox", "allow-scripts");
    this.#frame.src = at("/runs/frame");
    this.#frame.title = "The program";
    this.#frame.hidden = true;
    this.#frame.onload = () => {
      this.#frame.contentWindow?.postMessage(start, "*", [port2, ...Object.values(start.brought)]);
      this.#port = port1;
      for (const asked of this.#early) port1.postMessage(asked);
    };
    document.body.append(this.#frame);
  }

  #hear({ parts, files, waiting, ended }: Told): void {
    for (const [stream, text] of parts) {
      for (const piece of cut(text)) this.#pieces.push({ stream, text: piece });
    }
    for (const [path, body] of files) {
      for (const piece of body.length > 0 ? cut(base64(body)) : [""]) {
        this.#pieces.push({ stream: 1, text: piece, file: [path, body.length] });
      }
    }
    if (waiting !== undefined) this.#waiting = waiting;
    if (ended) this.end(ended);
    else this.#next();
  }

  /** Send the output that waits, unless a request is under way. */
  #next(): void {
    if (this.#flying || (this.#pieces.length === 0 && this.#waiting === null && !this.#ended))
      return;
    const message: Played = { parts: [], files: [] };
    let size = 0;
    let count = 0;
    for (const piece of this.#pieces) {
      size += piece.text.length;
      if (count > 0 && (size > LONGEST || count === MOST_PIECES)) break;
      count++;
      if (piece.file) message.files.push([...piece.file, piece.text]);
      else message.parts.push([piece.stream, piece.text]);
    }
    this.#pieces = this.#pieces.slice(count);
    if (this.#waiting !== null) message.waiting = this.#waiting;
    this.#waiting = null;
    if (this.#ended && this.#pieces.length === 0) message.ended = this.#ended;
    this.#flying = message;
    this.#n++;
    this.#send();
  }

  #send(): void {
    this.#room.session.send({ type: "played", run: this.#run, n: this.#n, ...this.#flying });
  }

  #leave(): void {
    this.#frame.remove();
    this.#port?.close();
    this.#over();
  }
}

function cut(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + LONGEST);
    if (end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1))) end++;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}

async function text(url: string): Promise<string> {
  return (await got(url)).text();
}

async function bytes(urls: Record<string, string>): Promise<Record<string, ArrayBuffer>> {
  const entries = Object.entries(urls).map(
    async ([name, url]) => [name, await (await got(url)).arrayBuffer()] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function got(url: string): Promise<Response> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
  return answer;
}
