/**
 * Reads the colours of terminal output: turns SGR sequences into styles, and drops all other control
 * sequences. A sequence may be split between two texts.
 */

export interface Styled {
  text: string;
  /** The classes, like "ansi-1" (red) or "ansi-bold". A colour of 256 or more is in `colour`. */
  classes: string;
  colour: string | null;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what is looked for
const SEQUENCE = /\x1b(?:\[([0-9;:]*)([ -/]*[@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the beginning of one, at the end of a text
const CUT = /\x1b(?:\[[0-9;:]{0,256}|\][^\x07\x1b]{0,4096})?$/;
const LEVELS = [0, 95, 135, 175, 215, 255];

export class Ansi {
  #rest = "";
  #bold = false;
  #colour: number | string | null = null;

  /** Return the pieces of a text that continues the texts before it. */
  read(text: string): Styled[] {
    const whole = this.#rest + text;
    this.#rest = CUT.exec(whole)?.[0] ?? "";
    const known = whole.slice(0, whole.length - this.#rest.length);
    const pieces: Styled[] = [];
    let at = 0;
    for (const found of known.matchAll(SEQUENCE)) {
      this.#add(pieces, known.slice(at, found.index));
      at = found.index + found[0].length;
      if (found[2] === "m") this.#style(found[1] ?? "");
    }
    this.#add(pieces, known.slice(at));
    return pieces;
  }

  #add(pieces: Styled[], text: string): void {
    if (!text) return;
    const bold = this.#bold ? "ansi-bold" : "";
    const colour = typeof this.#colour === "string" ? this.#colour : null;
    const named = typeof this.#colour === "number" ? `ansi-${this.#colour}` : "";
    pieces.push({ text, classes: [bold, named].filter(Boolean).join(" "), colour });
  }

  #style(codes: string): void {
    const numbers = codes.split(/[;:]/).map(Number);
    for (let i = 0; i < numbers.length; i++) {
      const code = numbers[i] ?? 0;
      if (code === 0) {
        this.#bold = false;
        this.#colour = null;
      } else if (code === 1) this.#bold = true;
      else if (code === 22) this.#bold = false;
      else if (code === 39) this.#colour = null;
      else if (code >= 30 && code <= 37) this.#colour = code - 30;
      else if (code >= 90 && code <= 97) this.#colour = code - 90;
      else if ((code === 38 || code === 48) && numbers[i + 1] === 5) {
        if (code === 38) this.#colour = indexed(numbers[i + 2] ?? 0);
        i += 2;
      } else if ((code === 38 || code === 48) && numbers[i + 1] === 2) {
        const [r = 0, g = 0, b = 0] = numbers.slice(i + 2, i + 5);
        if (code === 38) this.#colour = `rgb(${r} ${g} ${b})`;
        i += 4;
      }
    }
  }
}

function indexed(index: number): number | string {
  if (index < 16) return index % 8;
  if (index > 231) {
    const grey = 8 + 10 * (index - 232);
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const of = (place: number) => LEVELS[Math.floor((index - 16) / place) % 6] ?? 0;
  return `rgb(${of(36)} ${of(6)} ${of(1)})`;
}
