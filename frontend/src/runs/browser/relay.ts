/**
 * The worker between the page and the worker of a program. It gathers what the program says, so that a flood
 * never reaches the page, keeps the limits, and can end the program whatever it does.
 */
import type { Asked, End, Said, Start, Stream, Told } from "./order";

/** The time in ms between two messages to the page, except for the first. */
const BETWEEN = 16;
/** The time in ms between two beats, of which a program misses those in which it computes. */
const BEAT = 200;

addEventListener("message", ({ data, ports }) => new Relay(data, ports[0] as MessagePort), {
  once: true,
});

class Relay {
  readonly #worker: Worker;
  readonly #page: MessagePort;
  readonly #limits: Start["order"]["limits"];
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  #busy = 0;
  #beaten = true;
  #beatAt = 0;
  #printed = 0;
  #written = 0;
  #files = 0;
  #told: Told = { parts: [], files: [] };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #toldAt = 0;
  #ended = false;

  constructor({ program, order, brought }: Start, page: MessagePort) {
    this.#page = page;
    this.#limits = order.limits;
    const text = new Blob([program], { type: "text/javascript" });
    this.#worker = new Worker(URL.createObjectURL(text));
    this.#worker.onmessage = ({ data }) => this.#take(data);
    this.#worker.onerror = ({ message }) => this.#end({ reason: "failed", words: message });
    this.#worker.postMessage({ order, brought }, Object.values(brought));
    page.onmessage = ({ data }: MessageEvent<Asked>) => {
      if (data.stop) this.#end({ reason: "stopped" });
      else this.#worker.postMessage(data);
    };
  }

  #take(said: Partial<Record<string, unknown>>): void {
    if (this.#ended || !said) return;
    const { out, waiting, wrote, began, beat, ended } = said as Partial<
      Said & Record<string, never>
    >;
    if (beat) {
      this.#beaten = true;
      return;
    }
    if (Array.isArray(out))
      this.#print(STREAMS.find((each) => each === out[0]) ?? 1, String(out[1]));
    else if (began && this.#beatAt === 0) this.#count();
    else if (typeof waiting === "boolean") this.#told.waiting = waiting;
    else if (Array.isArray(wrote)) this.#keep(wrote[0], wrote[1]);
    else if (ended) this.#end(endOf(ended));
    this.#tellSoon();
  }

  /** Count the time in which the program lets its worker answer nothing. A machine that slept is no such time. */
  #count(): void {
    const now = performance.now();
    if (!this.#beaten) this.#busy += Math.min(now - this.#beatAt, 2 * BEAT);
    this.#beatAt = now;
    if (this.#busy > this.#limits.cpu * 1000) {
      this.#end({ reason: "cpu" });
      return;
    }
    if (this.#beaten) this.#worker.postMessage({ beat: true });
    this.#beaten = false;
    setTimeout(() => this.#count(), BEAT);
  }

  #print(stream: Stream, text: string): void {
    const left = this.#limits.output - this.#printed;
    const bytes = this.#encoder.encode(text);
    this.#printed += bytes.length;
    // Only strings are sent on, whatever the program passes as a text.
    const sound = this.#decoder.decode(bytes.subarray(0, Math.max(0, left)));
    const last = this.#told.parts.at(-1);
    if (last?.[0] === stream) last[1] += sound;
    else this.#told.parts.push([stream, sound]);
    if (bytes.length > left) this.#end({ reason: "output" });
  }

  #keep(path: unknown, body: unknown): void {
    if (typeof path !== "string" || !(body instanceof Uint8Array)) return;
    this.#files++;
    this.#written += body.length;
    if (this.#files > this.#limits.written_files || this.#written > this.#limits.written) return;
    this.#told.files.push([path, new Uint8Array(body)]);
  }

  #end(end: End): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#worker.terminate();
    this.#told.ended = end;
    this.#tell();
    close();
  }

  #tellSoon(): void {
    if (this.#ended || this.#timer !== undefined) return;
    const wait = Math.max(0, this.#toldAt + BETWEEN - performance.now());
    if (wait === 0) this.#tell();
    else this.#timer = setTimeout(() => this.#tell(), wait);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#toldAt = performance.now();
    this.#page.postMessage(this.#told);
    this.#told = { parts: [], files: [] };
  }
}

const STREAMS: readonly Stream[] = [1, 2, 3];
const REASONS: readonly unknown[] = ["exit", "memory", "failed"];

function endOf({ reason, exit, words }: Partial<End>): End {
  return {
    reason: REASONS.includes(reason) ? (reason as End["reason"]) : "exit",
    exit: Number.isInteger(exit) ? (exit as number) % 256 : 1,
    words: String(words ?? "").slice(-500),
  };
}
