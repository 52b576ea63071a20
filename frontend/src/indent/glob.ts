/**
 * Matches the patterns of `.editorconfig`, as https://spec.editorconfig.org defines them. Matching
 * keeps the set of places up to which the beginning of a pattern fits, so no pattern takes long.
 */

/** Returns the places up to which a part of a pattern can fit when it begins at one of `starts`. */
type Matcher = (text: string, starts: ReadonlySet<number>) => Set<number>;

/** The most braces of a pattern. Each unclosed brace would double the time to read the pattern. */
const MOST_BRACES = 10;

/** Tell whether a path, relative to the pattern's folder, fits the pattern. */
export function matches(pattern: string, path: string): boolean {
  if (pattern.split("{").length > MOST_BRACES + 1) return false;
  const anchored = /^\//.test(pattern) ? pattern.slice(1) : pattern;
  const whole = pattern.includes("/") ? anchored : `**/${pattern}`;
  const { matcher } = sequence(whole, 0, false);
  return (
    matcher(path, new Set([0])).has(path.length) || (whole !== anchored && plainly(pattern, path))
  );
}

/** Tell whether a pattern without a folder fits a path without one. */
function plainly(pattern: string, path: string): boolean {
  return sequence(pattern, 0, false)
    .matcher(path, new Set([0]))
    .has(path.length);
}

interface Parsed {
  matcher: Matcher;
  /** The index at which the pattern continues. */
  end: number;
}

/** Parse a pattern from an index. Inside braces, parse up to the next comma or the closing brace. */
function sequence(pattern: string, from: number, inBraces: boolean): Parsed {
  const parts: Matcher[] = [];
  let at = from;
  while (at < pattern.length) {
    const sign = pattern[at] ?? "";
    if (inBraces && (sign === "," || sign === "}")) break;
    const { matcher, end } = one(pattern, at);
    parts.push(matcher);
    at = end;
  }
  const matcher: Matcher = (text, starts) => {
    let places = new Set(starts);
    for (const part of parts) places = part(text, places);
    return places;
  };
  return { matcher, end: at };
}

function one(pattern: string, at: number): Parsed {
  const rest = pattern.slice(at);
  if (rest.startsWith("\\") && rest.length > 1) {
    return { matcher: letter((other) => other === rest[1]), end: at + 2 };
  }
  if (rest.startsWith("/**/")) return { matcher: folders, end: at + 4 };
  if (rest.startsWith("**")) return { matcher: anything(() => true), end: at + 2 };
  if (rest.startsWith("*")) return { matcher: anything((other) => other !== "/"), end: at + 1 };
  if (rest.startsWith("?")) return { matcher: letter((other) => other !== "/"), end: at + 1 };
  return brackets(rest, at) ?? braces(pattern, at) ?? plain(rest[0] ?? "", at);
}

function plain(sign: string, at: number): Parsed {
  return { matcher: letter((other) => other === sign), end: at + 1 };
}

/** Parse `[abc]` or `[!a-z]`. Brackets with a slash in them are plain text. */
function brackets(rest: string, at: number): Parsed | null {
  const [whole, not, inside = ""] = /^\[(!?)((?:\\.|[^\\/])(?:\\.|[^\]\\/])*)\]/.exec(rest) ?? [];
  if (whole === undefined) return null;
  const ranges = [...inside.matchAll(/(\\.|[^\\])(?:-(\\.|[^\\]))?/gs)].map(
    ([, from = "", to = from]) => [from.slice(-1), to.slice(-1)],
  );
  const isIn = (other: string) =>
    ranges.some(([from = "", to = ""]) => from <= other && other <= to);
  const isNot = not === "!";
  return {
    matcher: letter((other) => other !== "/" && isIn(other) !== isNot),
    end: at + whole.length,
  };
}

/** Parse `{a,b}` or `{1..9}`. Braces around a single choice, and unclosed braces, are plain text. */
function braces(pattern: string, at: number): Parsed | null {
  const rest = pattern.slice(at);
  const [numbers, low, high] = /^\{([+-]?\d{1,15})\.\.([+-]?\d{1,15})\}/.exec(rest) ?? [];
  if (numbers) return { matcher: number(Number(low), Number(high)), end: at + numbers.length };
  if (!rest.startsWith("{") || !isBalanced(pattern)) return null;
  const choices: Matcher[] = [];
  let end = at;
  do {
    const choice = sequence(pattern, end + 1, true);
    choices.push(choice.matcher);
    end = choice.end;
  } while (pattern[end] === ",");
  if (pattern[end] !== "}") return null;
  const [only] = choices;
  if (only && choices.length === 1) {
    const [open, close] = [letter((other) => other === "{"), letter((other) => other === "}")];
    const matcher: Matcher = (text, starts) => close(text, only(text, open(text, starts)));
    return { matcher, end: end + 1 };
  }
  const matcher: Matcher = (text, starts) =>
    new Set(choices.flatMap((choice) => [...choice(text, starts)]));
  return { matcher, end: end + 1 };
}

/**
 * Tell whether the braces of a pattern are balanced. Like the reference implementation, this only
 * counts them.
 */
function isBalanced(pattern: string): boolean {
  const signs = pattern.replace(/\\./gs, "");
  return signs.split("{").length === signs.split("}").length;
}

function letter(fits: (letter: string) => boolean): Matcher {
  return (text, starts) =>
    new Set(
      [...starts].filter((at) => at < text.length && fits(text[at] ?? "")).map((at) => at + 1),
    );
}

/** Return a matcher for any number of fitting letters, including none. */
function anything(fits: (letter: string) => boolean): Matcher {
  return (text, starts) => {
    const places = new Set(starts);
    for (let at = 0; at < text.length; at++) {
      if (places.has(at) && fits(text[at] ?? "")) places.add(at + 1);
    }
    return places;
  };
}

/** Matches a slash, or a slash followed by any folders and another slash. */
const folders: Matcher = (text, starts) => {
  const first = Math.min(...[...starts].filter((at) => text[at] === "/"));
  const places = [...text].flatMap((_, at) => (text[at] === "/" && at > first ? [at + 1] : []));
  return new Set([...places, ...[...starts].filter((at) => text[at] === "/").map((at) => at + 1)]);
};

function number(one: number, other: number): Matcher {
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  return (text, starts) =>
    new Set(
      [...starts].flatMap((at) => {
        const [digits = ""] = /^[+-]?(?:0|[1-9]\d{0,15})/.exec(text.slice(at)) ?? [];
        const value = Number(digits);
        return digits !== "" && low <= value && value <= high ? [at + digits.length] : [];
      }),
    );
}
