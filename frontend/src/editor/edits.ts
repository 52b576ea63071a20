/** Finds the edits that a formatter made. The edits leave every word alone that the formatter only moved. */

/** One replacement, with offsets in the text before all edits. */
export interface Edit {
  from: number;
  to: number;
  insert: string;
}

/** A word, or one character that is neither part of a word nor blank. */
const WORDS = /[\p{L}\p{N}\p{M}_]+|[^\s]/gu;
/**
 * Stretches that differ by more than twice this many words are compared piece by piece, because the
 * work is quadratic.
 */
const MOST_STEPS = 3000;

/**
 * Return the edits that turn `before` into `after`, in order and without overlap. They keep as many
 * words as possible, so that a caret in a word stays in it; between two kept words they replace only
 * what differs. All quotes count as the same word, since formatters exchange them. Texts that differ by
 * more than twice `most` words may keep a few words less than possible.
 */
export function editsBetween(before: string, after: string, most = MOST_STEPS): Edit[] {
  const symbols = new Map<string, number>();
  const old = cut(before, symbols);
  const now = cut(after, symbols);
  const edits: Edit[] = [];
  let from = 0;
  let start = 0;
  const replaceUntil = (to: number, end: number) => {
    const edit = trimmed(before, from, to, after.slice(start, end));
    if (edit) edits.push(edit);
  };
  const keep = (i: number, j: number) => {
    const at = old.starts[i] as number;
    const newAt = now.starts[j] as number;
    const end = old.ends[i] as number;
    // Two matched quotes may still differ. Such a pair counts as replaced.
    if (before.charCodeAt(at) !== after.charCodeAt(newAt)) return;
    replaceUntil(at, newAt);
    from = end;
    start = now.ends[j] as number;
  };
  commonWords(old.symbols, now.symbols, most, keep);
  replaceUntil(before.length, after.length);
  return edits;
}

/**
 * Reduce edits to at most `most` with the same result. Joins the edits that have the least text between
 * them.
 */
export function fewer(edits: Edit[], text: string, most: number): Edit[] {
  if (edits.length <= most) return edits;
  const gaps = edits.map(({ from }, index) => from - (edits[index - 1]?.to ?? 0));
  const widest = Int32Array.from(gaps.slice(1)).sort().at(-most) as number;
  const joined: { from: number; to: number; pieces: string[] }[] = [];
  for (const [index, { from, to, insert }] of edits.entries()) {
    const last = joined.at(-1);
    if (last && (gaps[index] as number) <= widest) {
      last.pieces.push(text.slice(last.to, from), insert);
      last.to = to;
    } else joined.push({ from, to, pieces: [insert] });
  }
  return joined.map(({ from, to, pieces }) => ({ from, to, insert: pieces.join("") }));
}

/**
 * Return an edit of only the part in which a stretch of a text differs from `insert`; null when they
 * are equal.
 */
function trimmed(text: string, from: number, to: number, insert: string): Edit | null {
  const shorter = Math.min(to - from, insert.length);
  let head = 0;
  while (head < shorter && text.charCodeAt(from + head) === insert.charCodeAt(head)) head++;
  if (isHigh(text, from + head - 1)) head--;
  let tail = 0;
  while (
    tail < shorter - head &&
    text.charCodeAt(to - 1 - tail) === insert.charCodeAt(insert.length - 1 - tail)
  ) {
    tail++;
  }
  if (tail > 0 && isLow(text, to - tail)) tail--;
  const edit = {
    from: from + head,
    to: to - tail,
    insert: insert.slice(head, insert.length - tail),
  };
  return edit.from === edit.to && edit.insert === "" ? null : edit;
}

function isHigh(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800;
}

function isLow(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xdc00;
}

interface Words {
  /** A number for each word; equal words have the same number. */
  symbols: Int32Array;
  starts: number[];
  ends: number[];
}

function cut(text: string, known: Map<string, number>): Words {
  const symbols: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { 0: found, index } of text.matchAll(WORDS)) {
    const word = found === "'" || found === "`" ? '"' : found;
    const symbol = known.get(word) ?? known.size;
    known.set(word, symbol);
    symbols.push(symbol);
    starts.push(index);
    ends.push(index + found.length);
  }
  return { symbols: Int32Array.from(symbols), starts, ends };
}

/**
 * Report a longest common subsequence of two lists, pair by pair, in order. Uses Myers' linear-space
 * algorithm ("An O(ND) Difference Algorithm and Its Variations", 1986, section 4b). If the forward and
 * the backward path have not met after `mostSteps`, the algorithm takes the forward path as far as it
 * has come.
 */
function commonWords(
  a: Int32Array,
  b: Int32Array,
  mostSteps: number,
  keep: (i: number, j: number) => void,
): void {
  const room = Math.min(a.length + b.length, 2 * mostSteps) + 8;
  const ahead = new Int32Array(room);
  const back = new Int32Array(room);
  compare(0, a.length, 0, b.length);

  function compare(fromA: number, toA: number, fromB: number, toB: number): void {
    let [i, j, endA, endB] = [fromA, fromB, toA, toB];
    while (i < endA && j < endB && a[i] === b[j]) keep(i++, j++);
    while (i < endA && j < endB && a[endA - 1] === b[endB - 1]) {
      endA--;
      endB--;
    }
    if (i < endA && j < endB) {
      const [x, y] = middle(i, endA, j, endB);
      compare(i, x, j, y);
      compare(x, endA, y, endB);
    }
    while (endA < toA) keep(endA++, endB++);
  }

  /**
   * Return a point about half way on a shortest path between two corners, or the farthest point of the
   * forward path.
   */
  function middle(fromA: number, toA: number, fromB: number, toB: number): [number, number] {
    const width = toA - fromA;
    const height = toB - fromB;
    const slant = width - height;
    const most = Math.min(Math.ceil((width + height) / 2), mostSteps);
    const origin = most + 1;
    for (const reached of [ahead, back]) {
      reached.fill(NOWHERE, 0, 2 * origin + 1);
      reached[origin + 1] = 0;
    }
    for (let steps = 0; steps <= most; steps++) {
      for (let k = -steps; k <= steps; k += 2) {
        let x = step(ahead, origin + k, k, width, height);
        while (x >= 0 && x < width && x - k < height && a[fromA + x] === b[fromB + x - k]) x++;
        ahead[origin + k] = x;
        const met = x + (back[origin + slant - k] as number) >= width;
        if (slant % 2 && Math.abs(slant - k) < steps && met) return [fromA + x, fromB + x - k];
      }
      for (let k = -steps; k <= steps; k += 2) {
        let x = step(back, origin + k, k, width, height);
        while (x >= 0 && x < width && x - k < height && a[toA - 1 - x] === b[toB - 1 - x + k]) x++;
        back[origin + k] = x;
        const met = x + (ahead[origin + slant - k] as number) >= width;
        if (slant % 2 === 0 && Math.abs(slant - k) <= steps && met) return [toA - x, toB - x + k];
      }
    }
    let furthest: [number, number] = [0, 0];
    for (let k = -most; k <= most; k += 2) {
      const x = ahead[origin + k] as number;
      const y = x - k;
      if (x >= 0 && y >= 0 && y <= height && x + y > furthest[0] + furthest[1]) furthest = [x, y];
    }
    return [fromA + furthest[0], fromB + furthest[1]];
  }
}

const NOWHERE = -(2 ** 30);

/** Return how far one more step reaches on diagonal `k`, from the diagonal below it or the one above. */
function step(reached: Int32Array, at: number, k: number, width: number, height: number): number {
  const right = (reached[at - 1] as number) + 1;
  const down = reached[at + 1] as number;
  return Math.max(right <= width ? right : NOWHERE, down - k <= height ? down : NOWHERE);
}
